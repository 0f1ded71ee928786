"""Show all warehouses."""

from collections.abc import Sequence

from chassis.database.transaction import Transaction
from inventory.warehouses import sql
from inventory.warehouses.warehouse import Warehouse


async def list_warehouses(tx: Transaction) -> Sequence[Warehouse]:
    """All of them, in the order in which stock is taken."""
    return await sql.select_warehouses(tx)
