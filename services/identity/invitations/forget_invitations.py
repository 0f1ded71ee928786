"""Deletes invitations whose link ended long ago, whatever became of them: who was invited is nobody's business then."""

from datetime import timedelta

from chassis.clock import Clock
from chassis.database.deletion import delete_found
from chassis.database.leases import Lease
from chassis.database.pool import Database
from identity.invitations import sql

# One that has expired can be sent again for so long.
KEPT_AFTER_END = timedelta(days=30)


async def forget_invitations(database: Database, clock: Clock, lease: Lease) -> None:
    """Delete what is due, in small batches, until nothing is."""
    await delete_found(database, lease, sql.FIND_OVER, sql.DELETE_OVER, clock.now() - KEPT_AFTER_END)
