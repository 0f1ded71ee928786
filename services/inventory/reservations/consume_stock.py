"""Record that reserved units of a demand left."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.reservations.demand import Status
from inventory.reservations.reserve_stock import carry_out
from inventory.reservations.wish import Asker, Consume, Wish


async def consume_stock(tx: Transaction, clock: Clock, demand_id: UUID, consume: Consume, asker: Asker) -> Status:
    """The demand after the units left; it closes when nothing is left of it.

    Raises DemandNotFound, DemandClosed, DemandOwnedByOrders, ConsumeExceedsReserved.
    """
    return await carry_out(tx, clock, Wish(demand_id, consume, asker))
