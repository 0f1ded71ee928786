"""Levels are decided about only while they are locked, and only by what is read after that."""

from collections.abc import Collection
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.stock import sql
from inventory.stock.level import Balance


async def lock_levels(tx: Transaction, places: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Balance]:
    """Lock the levels of these (item, warehouse) until the commit and answer what they hold.

    One that nothing ever moved is made first: a row that is not there cannot be locked, and then whoever brings the
    first units and whoever finds none would not meet. Places of an item that does not exist are missing in the answer.
    """
    await sql.insert_missing_levels(tx, places)
    await sql.lock(tx, places)
    # A statement of its own: the one that waited for a lock began before the other committed.
    return await sql.balances(tx, places)
