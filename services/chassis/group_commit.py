"""Calls of one organisation that arrive together are decided together, in one transaction.

While a batch of an organisation is in flight its next calls are collected; a batch of one is what a lone call gets.
Organisations take turns, a few of them side by side.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from prometheus_client import Histogram

from chassis.database import faults
from chassis.errors import DeadlinePassed, Refusal, UnavailableForNow

T = TypeVar("T")
R = TypeVar("R")

BATCH = Histogram(
    "rappit_group_commit_batch_items", "Calls decided in one transaction.", buckets=(1, 2, 5, 10, 20, 50, 100, 200)
)


@dataclass(slots=True)
class _Waiting(Generic[T, R]):
    item: T
    deadline: float
    answer: asyncio.Future[R]


class GroupCommit(Generic[T, R]):
    """Collects items and has them decided.

    decide: takes an organisation and its items in the order of their arrival, decides them in one transaction, and
    answers one result or refusal for each. When it raises, nothing of it was committed: it is called again for each
    item alone, or with the same items when it lost against another transaction.
    max_batch: items in one transaction. max_side_by_side: organisations whose transactions run at the same time.
    weigh: how much work an item is, where that differs: lines, for example. max_weight: how much of it one transaction
    may hold, so that it ends within the role's transaction_timeout; an item that weighs more is decided by itself.
    """

    def __init__(
        self,
        decide: Callable[[UUID, Sequence[T]], Awaitable[Sequence[R | Refusal]]],
        *,
        max_batch: int = 200,
        max_side_by_side: int = 8,
        weigh: Callable[[T], int] = lambda _: 1,
        max_weight: int = 2_000,
    ) -> None:
        self._decide = decide
        self._max_batch = max_batch
        self._max_side_by_side = max_side_by_side
        self._weigh = weigh
        self._max_weight = max_weight
        self._waiting: dict[UUID, deque[_Waiting[T, R]]] = {}
        # Organisations that have something waiting and nothing in flight, in the order of their turns.
        self._turns: deque[UUID] = deque()
        self._working = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, organization: UUID, item: T, deadline: float) -> R:
        """The item's result. Raises its refusal, or DeadlinePassed when its turn came after `deadline` (monotonic)."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.get(organization)
        if waiting is None:
            waiting = self._waiting[organization] = deque()
            self._turns.append(organization)
            self._begin_work()
        waiting.append(_Waiting(item, deadline, answer))
        return await answer

    def _begin_work(self) -> None:
        if self._working < self._max_side_by_side:
            # Counted here and where the work ends, not by the task's end, which is noticed a little later.
            self._working += 1
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        """One organisation after the other, a batch of each, until nothing waits."""
        while self._turns:
            organization = self._turns.popleft()
            waiting = self._waiting[organization]
            await self._answer(organization, self._in_time(self._next_of(waiting)))
            if waiting:
                self._turns.append(organization)
            else:
                del self._waiting[organization]
        self._working -= 1

    def _next_of(self, waiting: "deque[_Waiting[T, R]]") -> list[_Waiting[T, R]]:
        """The first that waits, and those behind it that fit into the same transaction."""
        batch = [waiting.popleft()]
        weight = self._weigh(batch[0].item)
        while waiting and len(batch) < self._max_batch:
            weight += self._weigh(waiting[0].item)
            if weight > self._max_weight:
                break
            batch.append(waiting.popleft())
        return batch

    def _in_time(self, batch: Sequence[_Waiting[T, R]]) -> list[_Waiting[T, R]]:
        """Without those whose caller has gone, or whose time is up."""
        now = time.monotonic()
        for each in batch:
            if each.deadline <= now and not each.answer.done():
                each.answer.set_exception(DeadlinePassed())
        return [each for each in batch if not each.answer.done()]

    async def _answer(self, organization: UUID, batch: Sequence[_Waiting[T, R]]) -> None:
        """Decide a batch and answer each of its members, whatever happens."""
        while batch:
            BATCH.observe(len(batch))
            try:
                results = await self._decide(organization, [each.item for each in batch])
                for each, result in zip(batch, results, strict=True):
                    _give(each, result)
            except Exception as error:  # noqa: BLE001 (each member gets it, or is decided alone)
                if faults.is_conflict(error):
                    batch = self._in_time(batch)
                    continue
                if faults.is_passing(error):
                    for each in batch:
                        _give(each, UnavailableForNow("database"))
                elif len(batch) == 1:
                    _give(batch[0], error)
                else:
                    for each in batch:
                        await self._answer(organization, self._in_time([each]))
            return


def _give(each: "_Waiting[T, R]", result: R | Exception) -> None:
    if each.answer.done():
        return
    if isinstance(result, Exception):
        each.answer.set_exception(result)
    else:
        each.answer.set_result(result)
