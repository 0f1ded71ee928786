"""Puts another signing key in the place of the one that signs. No token that is alive becomes unreadable by it:

now                 the new key is published; it does not sign yet
+ AHEAD             it signs: every replica of identity, and every service that asked one, has read it since
+ AHEAD + OVERLAP   the last token that the old key signed has ended; the old key retires, and is deleted a day later
"""

from datetime import timedelta

from chassis.clock import Clock
from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.sealing import Sealer
from chassis.telemetry.logs import get_logger
from identity.tokens import access_token, sql
from identity.tokens.signing_key import CACHE_LIFE
from identity.tokens.signing_keys import add_key

log = get_logger()

MOST_AGE = timedelta(days=30)
_CLOCKS_DIFFER = timedelta(minutes=1)
# What a replica read last is a cache's life old when a service reads it, which keeps it as long again.
AHEAD = 2 * CACHE_LIFE + _CLOCKS_DIFFER
OVERLAP = access_token.LIFE + _CLOCKS_DIFFER
KEPT_AFTER_RETIREMENT = timedelta(days=1)


async def rotate_signing_key(
    tx: Transaction, sealer: Sealer, clock: Clock, *, if_older_than: timedelta = timedelta(0)
) -> str | None:
    """Make the next key; its id. None when the one that signs is younger, or its successor is there already."""
    await sql.lock_keys(tx)
    now = clock.now()
    sign_time = now + AHEAD
    # One that signs later than one made now was made by a clock that was ahead: it holds up nothing.
    newest = max((key.sign_time for key in await sql.select_keys(tx, now) if key.sign_time <= sign_time), default=None)
    # One that does not sign yet is younger than any age.
    if newest is not None and now - newest < if_older_than:
        return None
    await sql.retire_keys(tx, sign_time, sign_time + OVERLAP)
    key_id = await add_key(tx, sealer, clock, sign_time)
    log.info("signing key follows", key_id=key_id, sign_time=sign_time.isoformat())
    return key_id


async def rotate_by_age(database: Database, sealer: Sealer, clock: Clock, lease: Lease) -> None:
    """The job: rotate when it is time, and delete keys long retired."""
    async with database.directory() as tx:
        await lease.hold(tx)
        await rotate_signing_key(tx, sealer, clock, if_older_than=MOST_AGE)
        await sql.delete_keys(tx, clock.now() - KEPT_AFTER_RETIREMENT)
