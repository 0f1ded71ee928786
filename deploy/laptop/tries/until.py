"""Waiting for what the system will say, never for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

PATIENCE_SECONDS = 120.0
T = TypeVar("T")


class NotInTime(Exception):
    """It was waited for long enough. Says for what."""


async def until(what: str, ask: Callable[[], Awaitable[T]], holds: Callable[[T], bool], every: float = 0.3) -> T:
    """The first answer that holds. Raises NotInTime."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds(answer := await ask()):
        if time.monotonic() > deadline:
            raise NotInTime(f"{what}: not within {PATIENCE_SECONDS:.0f} s")
        await asyncio.sleep(every)
    return answer
