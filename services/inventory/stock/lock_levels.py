"""Levels are decided about only while they are locked, and only by what is read after that."""

from collections.abc import Collection
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.stock import sql


async def lock_levels(
    tx: Transaction, places: Collection[tuple[UUID, UUID]], missing: Collection[tuple[UUID, UUID]]
) -> None:
    """Lock the levels of these (item, warehouse) until the commit.

    Read what they hold in a statement of its own after this: one that waited for a lock began before the other
    committed. Those that may be `missing` are made first: a row that is not there cannot be locked, and then whoever
    brings the first units and whoever finds none would not meet. An item that does not exist gets none.
    """
    if missing:
        await sql.insert_missing_levels(tx, missing)
    await sql.lock(tx, places)
