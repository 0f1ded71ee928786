"""Callers that each ask again as soon as they were answered, and how fast they got answers."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """What so many callers saw: answers within `seconds`, and how long each took, in seconds, shortest first."""

    seconds: float
    latencies: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, part: float) -> float:
        """The latency that so large a part of the answers did not exceed, in seconds."""
        return self.latencies[min(len(self.latencies) - 1, int(part * len(self.latencies)))]


async def closed_loop(callers: int, seconds: float, ask: Callable[[], Awaitable[None]], warm_up: float = 1.5) -> Load:
    """Let so many callers ask, first to warm up, then for so long. What `ask` raises ends it."""
    latencies: list[float] = []
    start = time.perf_counter() + warm_up
    end = start + seconds

    async def caller() -> None:
        while (asked := time.perf_counter()) < end:
            await ask()
            answered = time.perf_counter()
            if asked >= start and answered <= end:
                latencies.append(answered - asked)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(callers):
            tasks.create_task(caller())
    return Load(seconds, tuple(sorted(latencies)))


def median_of(loads: list[Load]) -> Load:
    """The one with the median rate: this machine is noisy."""
    middle = statistics.median_low(load.rate for load in loads)
    return next(load for load in loads if load.rate == middle)
