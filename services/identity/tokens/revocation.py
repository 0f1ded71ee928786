"""Revocations: that something ended before the tokens that name it."""

from datetime import datetime
from enum import Enum
from typing import NamedTuple
from uuid import UUID


class Kind(Enum):
    """What ended: a session, or all that tokens said of a person."""

    SESSION = "SESSION"
    USER = "USER"


class Revocation(NamedTuple):
    """What ended, and when."""

    id: UUID
    revoke_time: datetime
