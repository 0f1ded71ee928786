"""How the demo asks: until it is answered, for a part may just be starting again."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import httpx2

# Answers of a gateway behind which a service is away; whatever is asked has a key, or may be asked twice.
AWAY = {502, 503, 504}
PATIENCE_SECONDS = 30.0

T = TypeVar("T")


class DemoFailed(Exception):
    """A step of the demo was refused; says which and what was answered."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"the demo could not be made: {step}: {reason}")


def open_door(address: str) -> httpx2.AsyncClient:
    """A client that asks this address directly."""
    return httpx2.AsyncClient(base_url=address, timeout=15.0, trust_env=False)


async def accepted(step: str, ask: Callable[[], Awaitable[httpx2.Response]]) -> dict[str, Any]:
    """The answer; asked again for a while where nobody gives one. Raises DemoFailed."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            answer = await ask()
            if answer.is_success:
                found: dict[str, Any] = answer.json()
                return found
            refusal, is_final = f"answered {answer.status_code}: {answer.text[:300]}", answer.status_code not in AWAY
        except httpx2.TransportError as error:
            refusal, is_final = f"no answer: {str(error) or type(error).__name__}", False
        if is_final or time.monotonic() > deadline:
            raise DemoFailed(step, refusal)
        await asyncio.sleep(0.5)


async def side_by_side(work: Iterable[Callable[[], Awaitable[T]]], most: int = 8) -> list[T]:
    """Do all of it, so many at once: what each led to. The first failure ends the rest and is raised."""
    slots = asyncio.Semaphore(most)

    async def do(one: Callable[[], Awaitable[T]]) -> T:
        async with slots:
            return await one()

    tasks = [asyncio.create_task(do(one)) for one in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
