"""Answer "why is this number 47?"."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.stock import sql
from inventory.stock.find_level import find_level
from inventory.stock.level import Balance, Entry, Level


async def explain_level(
    tx: Transaction,
    item_id: UUID,
    warehouse_id: UUID | None,
    *,
    as_of: datetime | None = None,
    before: int | None = None,
    limit: int,
) -> tuple[Level, Sequence[Entry]]:
    """The level, now or as it was then, and at most so many movements before a position of its ledger, latest first.

    Raises ItemNotFound, WarehouseNotFound.
    """
    level = await find_level(tx, item_id, warehouse_id)
    place = (level.item_id, level.warehouse_id)
    if as_of:
        unmoved = replace(level, balance=Balance(), update_time=None, count_due=False, safety_stock=0)
        level = next(iter(await sql.select_levels(tx, *place, None, 1, as_of=as_of)), unmoved)
    return level, await sql.select_entries(tx, *place, before, limit, as_of=as_of)
