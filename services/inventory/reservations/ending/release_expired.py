"""Give back what demands held whose time is up."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from chassis.telemetry.logs import get_logger
from inventory.reservations.batch import MOST_DEMANDS, first_batch
from inventory.reservations.ending import sql
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.wish import Asker, Expire, Wish
from inventory.stock.level import Mover

log = get_logger()

WORKER = Asker(Mover("service:inventory"), cause="release_expired")


async def release_expired(database: Database, clock: Clock, lease: Lease) -> None:
    """Close them, and tell: a batch of each organisation in turn, until none is left. The database's time counts."""
    async with database.finder() as finder:
        waiting = await sql.organizations_with_expired(finder)
    while waiting:
        waiting = [organization for organization in waiting if await _release(database, clock, lease, organization)]


async def _release(database: Database, clock: Clock, lease: Lease, organization: UUID) -> bool:
    """Whether there was something to do. What fails in one organisation keeps no other from its turn."""
    try:
        async with database.transaction(organization) as tx:
            await lease.hold(tx)
            expired = first_batch(await sql.select_expired(tx, MOST_DEMANDS))
            if expired:
                await reserve_stock(tx, clock, [Wish(demand_id, Expire(), WORKER) for demand_id in expired])
            return bool(expired)
    except LeaseLost:
        raise
    except Exception:
        log.exception("demands whose time is up were not released", organization_id=str(organization))
        return False
