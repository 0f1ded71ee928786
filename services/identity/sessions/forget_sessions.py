"""Deletes sessions long over, with their refresh tokens, and failed sign-ins and revocations that no longer count.

Each is a job of its own: one that fails holds up no other.
"""

from datetime import timedelta

from chassis.clock import Clock
from chassis.database.deletion import delete_batches, delete_found
from chassis.database.leases import Lease
from chassis.database.pool import Database
from identity.sessions import sql
from identity.sessions.lockout import FORGET_AFTER
from identity.tokens.list_revocations import SHOWN_FOR
from identity.tokens.sql import delete_revocations

# Tokens of a session that is over are refused as invalid, and so are unknown ones: a day is for people who look.
KEPT_AFTER_END = timedelta(days=1)

# Each has a token for every time that it was refreshed, thousands: one used before is known as long as it lives.
AT_ONCE = 20


async def forget_sessions(database: Database, clock: Clock, lease: Lease) -> None:
    """Delete sessions that are over, their tokens first: as many as a transaction has time for, until none is left."""
    over = clock.now() - KEPT_AFTER_END
    await delete_found(
        database, lease, sql.FIND_OVER, sql.DELETE_OVER, over, parts=sql.DELETE_TOKENS_OF_OVER, at_once=AT_ONCE
    )


async def forget_failures(database: Database, clock: Clock, lease: Lease) -> None:
    """Delete failed sign-ins of addresses that nobody tried for a day."""
    before = clock.now() - FORGET_AFTER
    await delete_batches(database.directory, lease, lambda tx, limit: sql.delete_old_failures(tx, before, limit))


async def forget_revocations(database: Database, clock: Clock, lease: Lease) -> None:
    """Delete revocations that name no token alive."""
    before = clock.now() - SHOWN_FOR
    await delete_batches(database.directory, lease, lambda tx, limit: delete_revocations(tx, before, limit))
