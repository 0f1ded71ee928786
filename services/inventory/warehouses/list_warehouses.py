"""Show warehouses."""

from collections.abc import Sequence

from chassis.database.transaction import Transaction
from inventory.warehouses import sql
from inventory.warehouses.warehouse import Warehouse


async def list_warehouses(tx: Transaction, *, with_archived: bool = False) -> Sequence[Warehouse]:
    """Those in use, and those that units came back to; or all of them. In the order in which stock is taken."""
    warehouses = await sql.select_warehouses(tx)
    if with_archived or not any(each.archived for each in warehouses):
        return warehouses
    holding = await sql.archived_that_hold_units(tx)
    return [each for each in warehouses if not each.archived or each.id in holding]
