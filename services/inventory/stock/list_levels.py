"""Show levels by SKU and warehouse."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.errors import InvalidRequest, Violation
from inventory.stock import sql
from inventory.stock.level import Level


async def list_levels(
    tx: Transaction,
    *,
    item_id: UUID | None = None,
    warehouse_id: UUID | None = None,
    count_due: bool = False,
    as_of: datetime | None = None,
    after: tuple[str, str] | None = None,
    limit: int,
) -> Sequence[Level]:
    """At most so many levels after this (SKU, code of the warehouse); only of this item, only in this warehouse,
    only those that are to be counted. By the ledger as they were then, those of which anything had moved.

    Raises InvalidRequest where it is asked who was to be counted then: that is not known.
    """
    if as_of and count_due:
        raise InvalidRequest(violations=[Violation("count_due", "is known of the present alone, and not as_of")])
    return await sql.select_levels(tx, item_id, warehouse_id, after, limit, count_due=count_due, as_of=as_of)
