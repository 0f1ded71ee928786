"""Serve those who wait, and tell those who lost units."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.waiting import sql
from inventory.reservations.wish import Again, Wish
from inventory.stock.level import Mover

WORKER = Mover("service:inventory")

# Demands in one transaction: a small part of the five seconds that it may take.
MOST = 100


async def serve_waiting(tx: Transaction, clock: Clock, cause: str) -> bool:
    """Serve a batch of one organisation, who has waited longest first; whether there was anything to do.

    Word is taken away with the commit that acts on it. Where somebody else could still be served, that commit leaves
    word again, so the caller goes on until there is nothing to do.
    """
    notices = await sql.select_notices(tx, MOST)
    wakes = await sql.select_wakes(tx, MOST)
    if not notices and not wakes:
        return False
    noticed = dict.fromkeys(notices.values())
    waiters = await sql.first_in_turn(tx, set(wakes.values()), MOST)
    wishes = [Wish(demand_id, Again(tell=True), WORKER, cause) for demand_id in noticed]
    wishes += [Wish(demand_id, Again(), WORKER, cause) for demand_id in waiters if demand_id not in noticed]
    if wishes:
        await reserve_stock(tx, clock, wishes)
    await sql.delete_wakes(tx, wakes)
    await sql.delete_notices(tx, notices)
    return True
