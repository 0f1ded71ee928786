"""Show levels by SKU and warehouse."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.stock import sql
from inventory.stock.level import Level


async def list_levels(
    tx: Transaction,
    *,
    item_id: UUID | None = None,
    warehouse_id: UUID | None = None,
    count_due: bool = False,
    after: tuple[str, str] | None = None,
    limit: int,
) -> Sequence[Level]:
    """At most so many levels after this (SKU, code of the warehouse); only of this item, only in this warehouse,
    only those that are to be counted."""
    return await sql.select_levels(tx, item_id, warehouse_id, after, limit, count_due=count_due)
