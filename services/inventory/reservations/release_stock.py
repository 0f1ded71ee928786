"""Give back what a demand still holds, and close it."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.reservations.demand import Status
from inventory.reservations.reserve_stock import carry_out
from inventory.reservations.wish import Asker, Release, Wish


async def release_stock(tx: Transaction, clock: Clock, demand_id: UUID, asker: Asker) -> Status:
    """The demand, closed; one that is closed stays as it is. Raises DemandNotFound, DemandOwnedByOrders."""
    return await carry_out(tx, clock, Wish(demand_id, Release(), asker))
