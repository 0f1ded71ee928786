"""How long an address stays locked after failed sign-ins in a row (OWASP ASVS 5.0, 6.3.1; NIST SP 800-63B, 3.2.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Five failures lock for a minute, and each further one for twice as long, up to an hour: about 30 guesses a day.
FREE_FAILURES = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
# What the clocks of replicas may differ by: who looks may be behind the one that locked.
_CLOCKS_DIFFER = timedelta(minutes=1)
FORGET_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed sign-ins of one address since the last that succeeded."""

    count: int
    last_time: datetime
    locked_until: datetime | None

    def lock_left(self, now: datetime) -> timedelta | None:
        """How long sign-in is still locked; None when it is open. No lock is longer than the longest: a time that is
        further off than clocks may differ was set by one that was wrong, and counts for nothing."""
        left = self.locked_until - now if self.locked_until else timedelta(0)
        return left if timedelta(0) < left <= LONGEST_LOCK + _CLOCKS_DIFFER else None


def after_failure(before: Failures, now: datetime) -> Failures:
    """What one more failure makes of them."""
    count = 1 + (before.count if now - before.last_time < FORGET_AFTER else 0)
    return Failures(count, now, now + lock(count) if count >= FREE_FAILURES else None)


def lock(failures: int) -> timedelta:
    """The lock that follows the last of so many failures."""
    doublings = min(failures - FREE_FAILURES, 10)  # far past the longest lock
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)
