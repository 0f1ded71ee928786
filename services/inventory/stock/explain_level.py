"""Answer "why is this number 47?"."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.stock import sql
from inventory.stock.find_level import find_level
from inventory.stock.level import Entry, Level


async def explain_level(
    tx: Transaction, item_id: UUID, warehouse_id: UUID | None, *, before: int | None = None, limit: int
) -> tuple[Level, Sequence[Entry]]:
    """The level, and at most so many movements before a position of its ledger, latest first.

    Raises ItemNotFound, WarehouseNotFound.
    """
    level = await find_level(tx, item_id, warehouse_id)
    return level, await sql.select_entries(tx, level.item_id, level.warehouse_id, before, limit)
