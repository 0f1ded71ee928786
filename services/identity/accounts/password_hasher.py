"""Hashes and verifies passwords with argon2id, a bounded number at a time: sign-ins cannot take the process down."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import BoundedSemaphore
from typing import TypeVar

from argon2 import PasswordHasher as Argon2
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import Type

from chassis.errors import Overloaded
from identity.accounts.password import normalized

T = TypeVar("T")

# OWASP Password Storage Cheat Sheet, the first of its five settings of equal strength: one pass over 46 MiB, one lane
# (48 ms here). RFC 9106's choice for small memory (64 MiB, 3 passes, 4 lanes) keeps four cores busy for one sign-in.
MEMORY_KIB = 47_104
PASSES = 1
LANES = 1

# Each that runs holds MEMORY_KIB; those that wait hold nothing. At 48 ms each, the last of 64 waits 1.6 s on two cores.
MOST_AT_A_TIME = 4
MOST_WAITING = 64
BUSY_RETRY = timedelta(seconds=2)


class PasswordHasher:
    """A pool of threads for argon2id, which runs outside the interpreter's lock."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._argon2 = Argon2(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)
        self.threads = min(os.cpu_count() or 1, MOST_AT_A_TIME)
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="argon2")
        self._room = BoundedSemaphore(self.threads + most_waiting)
        self._nobody = self._argon2.hash(os.urandom(32))

    async def hash(self, password: str) -> str:
        """The hash to keep, with its salt and parameters in it. Refused with Overloaded when too many wait."""
        return await self._run(lambda: self._argon2.hash(normalized(password)))

    async def verify(self, password: str, kept: str | None) -> bool:
        """Whether the password is the one that was hashed. None (no such account) takes as long as a wrong password.

        Refused with Overloaded when too many wait.
        """
        return await self._run(lambda: self._matches(self._nobody if kept is None else kept, normalized(password)))

    async def close(self) -> None:
        """Stop the threads; what waits is not begun."""
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    def _matches(self, kept: str, password: str) -> bool:
        try:
            return self._argon2.verify(kept, password)
        except VerifyMismatchError:
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._room.acquire(blocking=False):
            raise Overloaded(retry_after=BUSY_RETRY)
        future = self._pool.submit(work)
        # Given back when the thread is done with it: a caller who gives up does not free the thread.
        future.add_done_callback(lambda _: self._room.release())
        return await asyncio.wrap_future(future)
