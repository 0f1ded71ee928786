"""Deletes sessions long over, with their refresh tokens, and failed sign-ins and revocations that no longer count."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from chassis.clock import Clock
from chassis.database.deletion import delete_found
from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from identity.sessions import sql
from identity.sessions.lockout import FORGET_AFTER
from identity.tokens.list_revocations import SHOWN_FOR
from identity.tokens.sql import delete_revocations

# Tokens of a session that is over are refused as invalid, and so are unknown ones: a day is for people who look.
KEPT_AFTER_END = timedelta(days=1)
BATCH = 500


async def forget_sessions(database: Database, clock: Clock, lease: Lease) -> None:
    """Delete what is due, in small batches, until nothing is."""
    now = clock.now()
    await delete_found(database, lease, sql.FIND_OVER, sql.DELETE_OVER, now - KEPT_AFTER_END)
    tried_before, revoked_before = now - FORGET_AFTER, now - SHOWN_FOR
    await _in_batches(database, lease, lambda tx: sql.delete_old_failures(tx, tried_before, BATCH))
    await _in_batches(database, lease, lambda tx: delete_revocations(tx, revoked_before, BATCH))


async def _in_batches(database: Database, lease: Lease, delete: Callable[[Transaction], Awaitable[int]]) -> None:
    deleted = BATCH
    while deleted == BATCH:
        async with database.directory() as tx:
            await lease.hold(tx)
            deleted = await delete(tx)
