"""Reading what ended before its tokens did, for when an event of it was missed: Kafka may be away."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import NamedTuple, Protocol

from chassis.errors import Refusal
from chassis.telemetry.logs import get_logger
from gateway.access.exchanges import Revoked

# With what an answer takes, well within the minute in which nobody revoked is let in any more.
SECONDS = 30.0

log = get_logger()


class Revocable(Protocol):
    """Something that lets people go on whom it let in before."""

    def revoke(self, revoked: Revoked) -> None:
        """Ask anew for these."""

    def forget_all(self) -> None:
        """Ask anew for everybody."""


class Revocations(NamedTuple):
    """What identity lists. truncated: something may be left out."""

    revoked: Revoked
    truncated: bool


class ReadRevocations:
    """Reads them again and again. `ask` raises a Refusal when that cannot be done."""

    def __init__(
        self, ask: Callable[[], Awaitable[Revocations]], holders: Iterable[Revocable], seconds: float = SECONDS
    ) -> None:
        self._ask = ask
        self._holders = tuple(holders)
        self._seconds = seconds
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Read until told to stop."""
        while not self._stopping.is_set():
            await self.read()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), self._seconds)

    async def stop(self) -> None:
        """Stop reading."""
        self._stopping.set()

    async def read(self) -> None:
        """Read once. What cannot be read is read the next time; exchanges end by themselves meanwhile."""
        try:
            listed = await self._ask()
        except Refusal as refusal:
            log.warning("revocations could not be read", reason=refusal.reason)
            return
        for holder in self._holders:
            if listed.truncated:
                holder.forget_all()
            else:
                holder.revoke(listed.revoked)
