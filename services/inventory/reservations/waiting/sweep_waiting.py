"""Find those who could be served and were missed."""

from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from chassis.telemetry.logs import get_logger
from inventory.reservations.waiting import sql

log = get_logger()


async def sweep_waiting(database: Database, lease: Lease) -> None:
    """Leave word of each item that somebody waits for although enough is available."""
    async with database.finder() as finder:
        waiting = await sql.organizations_waiting(finder)
    for organization in waiting:
        try:
            async with database.transaction(organization) as tx:
                await lease.hold(tx)
                found = await sql.sweep(tx)
        except LeaseLost:
            raise
        except Exception:
            # What fails in one organisation keeps no other from being looked at.
            log.exception("those who wait were not looked through", organization_id=str(organization))
            continue
        if found:
            log.warning("the sweep found items to serve", organization_id=str(organization), items=found)
