"""Show the items of which few units are left."""

from collections.abc import Sequence

from chassis.database.transaction import Transaction
from inventory.stock import sql
from inventory.stock.level import LowItem


async def list_low_stock(tx: Transaction, *, after: str | None = None, limit: int) -> Sequence[LowItem]:
    """At most so many after a SKU, by SKU. An item whose reorder point is 0 is watched by nobody."""
    return await sql.select_low_items(tx, after, limit)
