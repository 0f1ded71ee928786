"""Tells again of what this service has, as it is, for receivers that missed or lost what was told."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from inventory.items.republish_items import republish_items
from inventory.reservations.republish_demands import republish_demands

AT_ONCE = 100


async def republish(database: Database, clock: Clock, organization: UUID, only: UUID | None = None) -> int:
    """Write the organisation's items and demands (or the one with this id) to the outbox once more, at most 100 in
    a transaction. Returns how many that were.
    """
    told = 0
    for tell in (republish_items, republish_demands):
        after = None
        while True:
            async with database.transaction(organization) as tx:
                ids = await tell(tx, clock, only=only, after=after, limit=AT_ONCE)
            told += len(ids)
            if only or not ids:
                break
            after = ids[-1]
    return told
