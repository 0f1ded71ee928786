"""Show warehouses."""

from collections.abc import Sequence

from chassis.database.transaction import Transaction
from inventory.warehouses import sql
from inventory.warehouses.warehouse import Warehouse


async def list_warehouses(tx: Transaction, *, with_archived: bool = False) -> Sequence[Warehouse]:
    """Those in use, or all of them, in the order in which stock is taken."""
    return [each for each in await sql.select_warehouses(tx) if with_archived or not each.archived]
