"""A session of a person in one organisation, and what a refresh token that comes back means for it.

A session is a family of refresh tokens, numbered by generation. Only the token of the session's own generation is live.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

# NIST SP 800-63B, 2.1.3 (AAL1): sign in again after 30 days at the latest. A session that is not used ends in a week.
ABSOLUTE_LIFE = timedelta(days=30)
SLIDING_LIFE = timedelta(days=7)

# Two tabs refresh at once, or an answer gets lost: the token before the live one still gets the live one. A
# rotation that lies ahead was done by a wrong clock: for as long either way, so that it gives a stolen token no more.
GRACE = timedelta(seconds=10)


class EndReason(Enum):
    """Why a session ended before its time."""

    SIGNED_OUT = "SIGNED_OUT"
    TOKEN_REUSED = "TOKEN_REUSED"  # noqa: S105
    ENDED_BY_ADMIN = "ENDED_BY_ADMIN"
    MEMBERSHIP_ENDED = "MEMBERSHIP_ENDED"


class Verdict(Enum):
    """What is due to a refresh token."""

    ROTATE = auto()
    SAME_SUCCESSOR = auto()
    REUSED = auto()
    INVALID = auto()


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is kept. `sealed_token` is its live refresh token, for those who come within the grace.

    epoch: a person's sessions of an earlier epoch than the person's own (`is_of_epoch`) are over: a new password, or
    signing out everywhere, begins the next.
    device, address: what it was signed in or last refreshed from (device.py).
    """

    id: UUID
    user_id: UUID
    epoch: int
    is_of_epoch: bool
    generation: int
    create_time: datetime
    rotate_time: datetime
    expire_time: datetime
    absolute_expire_time: datetime
    end_time: datetime | None
    sealed_token: bytes | None
    device: str
    address: str

    def is_alive(self, now: datetime) -> bool:
        """Whether its tokens are still good."""
        return self.is_of_epoch and self.end_time is None and now < self.expire_time


def judge(session: Session, generation: int, now: datetime) -> Verdict:
    """What is due to the token of a generation. An ended session gives no grace: a theft may be what ended it."""
    if not session.is_alive(now):
        return Verdict.INVALID
    if generation == session.generation:
        return Verdict.ROTATE
    if generation == session.generation - 1 and session.sealed_token and abs(now - session.rotate_time) <= GRACE:
        return Verdict.SAME_SUCCESSOR
    return Verdict.REUSED
