"""Tell of demands again."""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.reservations.batch import first_batch
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.sql import select_demand_sizes
from inventory.reservations.wish import Again, Asker, Wish
from inventory.stock.level import Mover

OPERATOR = Asker(Mover("service:inventory"), cause="republish")


async def republish_demands(
    tx: Transaction, clock: Clock, *, only: UUID | None, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Tell what at most so many demands after an id hold, or only this one, each in a new revision. The ids of those.

    One that waits is tried again on the way. Fewer where they have many lines: as many as one transaction takes on.
    """
    ids = first_batch(await select_demand_sizes(tx, only, after, limit))
    if ids:
        await reserve_stock(tx, clock, [Wish(each, Again(tell=True), OPERATOR) for each in ids])
    return ids
