"""Serve those who wait, and tell those who lost units."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.telemetry.logs import get_logger
from inventory.reservations.batch import MOST_DEMANDS, first_batch
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.waiting import sql
from inventory.reservations.wish import Again, Asker, Wish
from inventory.stock.level import Mover

log = get_logger()

WORKER = Asker(Mover("service:inventory"), cause="serve_waiting")


async def serve_waiting(database: Database, clock: Clock, lease: Lease) -> None:
    """Serve all who can be served: a batch of each organisation in turn, until nobody is left."""
    async with database.finder() as finder:
        waiting = await sql.organizations_with_work(finder)
    while waiting:
        waiting = [organization for organization in waiting if await _serve(database, clock, lease, organization)]


async def _serve(database: Database, clock: Clock, lease: Lease, organization: UUID) -> bool:
    """Whether there was something to do. What fails in one organisation keeps no other from being served."""
    try:
        async with database.transaction(organization) as tx:
            await lease.hold(tx)
            return await serve_some(tx, clock)
    except LeaseLost:
        raise
    except Exception:
        log.exception("those who wait were not served", organization_id=str(organization))
        return False


async def serve_some(tx: Transaction, clock: Clock) -> bool:
    """Serve a batch of one organisation, who has waited longest first; whether there was anything to do.

    Word is taken away with the commit that acts on it; while more could be served than one batch takes, it stays. Who
    was tried is served, or waits for other units than are there: so this comes to an end, and the caller goes on till
    then.
    """
    notices = await sql.select_notices(tx, MOST_DEMANDS)
    wakes = await sql.select_wakes(tx, MOST_DEMANDS)
    if not notices and not wakes:
        return False
    noticed = {notice.demand_id: notice.lines for notice in notices}
    waiters = await sql.first_in_turn(tx, set(wakes.values()), MOST_DEMANDS)
    demands = first_batch((noticed | {id_: lines for id_, lines in waiters if id_ not in noticed}).items())
    if demands:
        await reserve_stock(tx, clock, [Wish(id_, Again(tell=id_ in noticed), WORKER) for id_ in demands])
    if len(waiters) < MOST_DEMANDS and all(id_ in demands for id_, _ in waiters):
        await sql.delete_wakes(tx, wakes)
    await sql.delete_notices(tx, [notice.id for notice in notices if notice.demand_id in demands])
    return True
