"""Questions in flight: who asks the same at the same time shares one answer."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Flights(Generic[K, V]):
    """One question per key at a time.

    `void` says that what was true when the question was asked may be no more: its answer still goes to those who wait,
    for they asked before, but is not kept, and the next who asks asks anew.
    """

    def __init__(self) -> None:
        self._flights: dict[K, asyncio.Task[V]] = {}

    async def join(self, key: K, ask: Callable[[], Awaitable[V]], keep: Callable[[V], None]) -> V:
        """The answer for the key; `keep` gets it once, before anybody else."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = asyncio.create_task(self._fly(key, ask, keep))
            # Who waits may have left when it fails: the failure was theirs, and nobody else need hear of it.
            flight.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(flight)

    def void(self, key: K) -> None:
        """Keep no answer that is on its way."""
        self._flights.pop(key, None)

    def void_all(self) -> None:
        """Keep no answers that are on their way."""
        self._flights.clear()

    async def _fly(self, key: K, ask: Callable[[], Awaitable[V]], keep: Callable[[V], None]) -> V:
        own = asyncio.current_task()
        try:
            answer = await ask()
            if self._flights.get(key) is own:
                keep(answer)
            return answer
        finally:
            if self._flights.get(key) is own:
                del self._flights[key]
