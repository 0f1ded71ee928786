"""The pace of shops: so many orders each minute, evenly, but not to the clock."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from random import Random
from typing import Generic, Protocol, TypeVar

TICK_SECONDS = 0.2
# After a machine was asleep or busy, the orders that it missed do not come all at once: deliveries want their turn too.
_MOST_SECONDS_AT_ONCE = 0.5


class Outlet(Protocol):
    """Something that sells."""

    name: str

    @property
    def rate_per_minute(self) -> float:
        """Orders each minute; it may change at any time."""


Sells = TypeVar("Sells", bound=Outlet)


class Pace(Generic[Sells]):
    """A part of the process. Calls `beat` for each order that is due; an outlet's first one is due at once.

    is_behind: whether what was sold before waits to be told; nothing is sold meanwhile, and it is not made up for.
    """

    def __init__(
        self,
        outlets: Iterable[Sells],
        beat: Callable[[Sells], None],
        random: Random,
        *,
        is_behind: Callable[[], bool] = lambda: False,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._outlets = outlets
        self._beat = beat
        self._random = random
        self._is_behind = is_behind
        self._now = now
        self._pause = pause
        self._stopping = False
        # How many orders are still to come until the next: less than one, and a little more or less by chance.
        self._left: dict[str, float] = {}

    async def run(self) -> None:
        """Until told to stop."""
        before = self._now()
        while not self._stopping:
            now = self._now()
            if not self._is_behind():
                self.turn(min(now - before, _MOST_SECONDS_AT_ONCE))
            before = now
            await self._pause(TICK_SECONDS)

    async def stop(self) -> None:
        """Return from `run` after the next tick."""
        self._stopping = True

    def turn(self, seconds: float) -> None:
        """What is due after so many seconds more."""
        for outlet in self._outlets:
            if not outlet.rate_per_minute:
                continue
            left = self._left.get(outlet.name, 0.0) - seconds * outlet.rate_per_minute / 60
            while left <= 0:
                self._beat(outlet)
                left += self._random.uniform(0.5, 1.5)
            self._left[outlet.name] = left
