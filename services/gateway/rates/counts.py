"""Counting what was asked in windows of time: in this replica's memory, or in a store that all replicas share.

A window is a fixed stretch of server time, another one for each key, so that not all begin at once. A caller may spend
two windows' quota around the end of one; for that a request costs one addition.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol
from zlib import crc32

import redis.asyncio
from redis.exceptions import RedisError

from chassis.errors import UnavailableForNow
from chassis.telemetry.logs import get_logger

MOST_KEYS = 100_000
# What a request waits for the shared store, and how long that is left alone after it failed.
ASK_SECONDS = 0.2
AWAY_SECONDS = 2.0

log = get_logger()


class Window(NamedTuple):
    """A key in its present window."""

    key: str
    seconds: int
    ends_in: float


class Counts(Protocol):
    """Adds one to each window and answers the sums."""

    async def add(self, windows: Sequence[Window]) -> list[int]:
        """Raises UnavailableForNow where it cannot be counted and that is to be refused."""


def window(name: str, seconds: int, now: float) -> Window:
    """The window that a key is in now."""
    begun = now + crc32(name.encode()) % seconds
    number = int(begun // seconds)
    return Window(f"{name}:{number}", seconds, (number + 1) * seconds - begun)


class OwnCounts:
    """Of this replica alone. When there are too many, those that began first are forgotten."""

    def __init__(self) -> None:
        self._counts: OrderedDict[str, int] = OrderedDict()

    async def add(self, windows: Sequence[Window]) -> list[int]:
        return [self._add(each.key) for each in windows]

    def _add(self, key: str) -> int:
        count = self._counts[key] = self._counts.get(key, 0) + 1
        if len(self._counts) > MOST_KEYS:
            self._counts.popitem(last=False)
        return count


class NoCounts:
    """Lets everything through."""

    async def add(self, windows: Sequence[Window]) -> list[int]:
        return [0] * len(windows)


class RefusedCounts:
    """Lets nothing through."""

    async def add(self, windows: Sequence[Window]) -> list[int]:
        raise UnavailableForNow("limits")


class SharedCounts:
    """In Valkey or Redis. While it does not answer, `otherwise` counts."""

    def __init__(self, url: str, otherwise: Counts, now: Callable[[], float] = time.monotonic) -> None:
        self._store = redis.asyncio.from_url(
            url.replace("valkey", "redis", 1), socket_timeout=ASK_SECONDS, socket_connect_timeout=ASK_SECONDS
        )
        self._otherwise = otherwise
        self._now = now
        self._away_until = float("-inf")

    async def add(self, windows: Sequence[Window]) -> list[int]:
        if self._now() < self._away_until:
            return await self._otherwise.add(windows)
        try:
            async with self._store.pipeline(transaction=False) as pipeline:
                for each in windows:
                    pipeline.incr(f"rappit:rate:{each.key}")
                    pipeline.expire(f"rappit:rate:{each.key}", each.seconds)
                answers = await pipeline.execute()
        except (RedisError, OSError) as error:
            self._away_until = self._now() + AWAY_SECONDS
            log.warning("rate limit store is away", error=type(error).__name__)
            return await self._otherwise.add(windows)
        return answers[::2]

    async def close(self) -> None:
        """Let go of the connections."""
        await self._store.aclose()
