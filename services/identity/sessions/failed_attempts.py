"""Counts wrong passwords of an address, whether it has an account or not, and locks it: who guesses learns nothing."""

import hashlib

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.telemetry.logs import get_logger
from identity.accounts.account import canonical_email
from identity.errors import TooManyAttempts
from identity.sessions import sql
from identity.sessions.lockout import Failures, after_failure

log = get_logger()


def email_hash(email: str) -> bytes:
    """Under which failures are counted."""
    return hashlib.sha256(canonical_email(email).encode()).digest()


def refuse_locked(failures: Failures | None, clock: Clock) -> None:
    """Refused with TooManyAttempts while the address is locked."""
    left = failures.lock_left(clock.now()) if failures else None
    if left:
        raise TooManyAttempts(left)


async def count_failure(tx: Transaction, clock: Clock, hashed: bytes) -> None:
    """Count one more failure. Refused with TooManyAttempts when others at the same time have locked the address."""
    now = clock.now()
    before = await sql.lock_failures(tx, hashed, now)
    refuse_locked(before, clock)
    after = after_failure(before, now)
    await sql.set_failures(tx, hashed, after)
    if after.locked_until:
        log.warning("sign-in locked", failures=after.count, until=after.locked_until.isoformat())
