"""Time and new ids, handed to whoever needs them, so that tests bring their own."""

from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from uuid_utils.compat import uuid7


class Clock(Protocol):
    """What the time is, and ids that sort by it."""

    def now(self) -> datetime:
        """The time, aware, in UTC."""

    def new_id(self) -> UUID:
        """An id nobody has: UUIDv7, so that newer ones are greater."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def new_id(self) -> UUID:
        return uuid7()
