"""Find those who could be served and were missed."""

from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.telemetry.logs import get_logger
from inventory.reservations.waiting import sql


async def sweep_waiting(database: Database, lease: Lease) -> None:
    """Leave word of each item that somebody waits for although enough is available."""
    async with database.finder() as finder:
        waiting = await sql.organizations_waiting(finder)
    for organization in waiting:
        async with database.transaction(organization) as tx:
            await lease.hold(tx)
            found = await sql.sweep(tx)
        if found:
            get_logger().warning("the sweep found items to serve", organization_id=str(organization), items=found)
