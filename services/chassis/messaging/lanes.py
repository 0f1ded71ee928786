"""Applies what waits in lanes: each lane in order, lanes of an organisation together, organisations in turn.

The finder role says which organisations have a lane that is due. The work is one transaction of the organisation: lock
lanes, passing over those that others hold; in a new statement read their heads; apply them; take away the lanes in
which nothing waits any more. Reading in the statement that locks, or taking away in it, would miss what was committed
while it waited for the lock: the row would stay behind for ever.
"""

import asyncio
from collections.abc import Iterator, Sequence
from uuid import UUID

import psycopg

from chassis.database import faults
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.messaging import lane_rows, metrics
from chassis.messaging.consumer import SIDE_BY_SIDE, Consumer
from chassis.messaging.handlers import described
from chassis.messaging.intake import Intake, tell
from chassis.messaging.lane_rows import Head
from chassis.messaging.tries import Timeouts, verdict
from chassis.telemetry import traces
from chassis.telemetry.logs import get_logger

log = get_logger()

_POLL_SECONDS = 0.2
_PAUSE_SECONDS = 1.0
_ORGANIZATIONS = 64
# Of one organisation in one transaction: so many lanes, so many messages of each, and so many in all.
_LANES = 100
_DEPTH = 10
_MESSAGES = 200


class LaneWorker:
    """Works through the lanes of these consumers; any number of replicas may do so at once."""

    def __init__(self, database: Database, consumers: Sequence[Consumer]) -> None:
        self._database = database
        self._lanes = [Lanes(database, consumer.intake) for consumer in consumers]
        self._stopping = False
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Work until told to stop."""
        try:
            while not self._stopping:
                if not any([await lanes.work() for lanes in self._lanes]):
                    await self._wait()
        finally:
            self._stopped.set()

    async def stop(self) -> None:
        """Finish the transactions in hand."""
        self._stopping = True
        self._database.lanes_written.set()
        await self._stopped.wait()

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._database.lanes_written.wait(), _POLL_SECONDS)
        except TimeoutError:
            return
        self._database.lanes_written.clear()


class Lanes:
    """The lanes of one consumer."""

    def __init__(self, database: Database, intake: Intake) -> None:
        self._database = database
        self._intake = intake
        self._consumer = intake.consumer
        self._timeouts = Timeouts()
        self._after: UUID | None = None

    async def work(self) -> bool:
        """A turn for each organisation that has something due. False when nothing was done."""
        try:
            organizations = await self._due()
        except psycopg.Error as error:
            await self._pause(error)
            return False
        turns = iter(organizations)
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(self._take_turns(turns)) for _ in range(min(SIDE_BY_SIDE, len(organizations)))]
        return any(worker.result() for worker in workers)

    async def work_for(self, organization: UUID) -> int:
        """Apply what is due of an organisation together: how many messages that were.

        What failed before is tried alone, and so is everything when it fails together.
        """
        heads: list[Head] = []
        try:
            with traces.span(self._consumer, organization_id=str(organization)):
                async with self._database.transaction(organization) as tx:
                    due = await lane_rows.lock_due(tx, self._consumer, _LANES)
                    heads = await lane_rows.heads(tx, self._consumer, due, _DEPTH, _MESSAGES)
                    alone = lane_rows.not_fresh(heads)
                    await self._apply(tx, [head for head in heads if head.message.aggregate_id not in alone])
                    await lane_rows.leave(tx, self._consumer, [lane for lane in due if lane not in alone])
        except Exception as error:
            if faults.is_passing(error) and not faults.is_timeout(error):
                raise
            alone = list(dict.fromkeys(head.message.aggregate_id for head in heads))
        for lane in alone:
            await self._work_alone(organization, lane)
        return len(heads)

    async def _due(self) -> list[UUID]:
        """The next organisations, going round."""
        async with self._database.finder() as finder:
            found = await lane_rows.due_organizations(finder, self._consumer, self._after, _ORGANIZATIONS)
            if not found and self._after is not None:
                found = await lane_rows.due_organizations(finder, self._consumer, None, _ORGANIZATIONS)
        self._after = found[-1] if found else None
        return found

    async def _take_turns(self, turns: Iterator[UUID]) -> int:
        worked = 0
        for organization in turns:
            try:
                worked += await self.work_for(organization)
            except psycopg.Error as error:
                await self._pause(error)
        return worked

    async def _work_alone(self, organization: UUID, lane: str) -> None:
        """Apply the head of one lane; when it fails for its own sake, write that down under the same lock."""
        head: Head | None = None
        try:
            async with self._database.transaction(organization) as tx:
                if await lane_rows.lock_one_due(tx, self._consumer, lane):
                    head = await self._head(tx, lane)
                    if head is not None:
                        await self._try_alone(tx, head)
        except Exception as error:
            if head is None or not (faults.is_timeout(error) and self._timeouts.own_fault(head.message.id)):
                raise
            await self._fail_later(organization, head, error)
        if head is not None:
            self._timeouts.over(head.message.id)

    async def _try_alone(self, tx: Transaction, head: Head) -> None:
        message = head.message
        try:
            with traces.span(self._consumer, traceparent=message.traceparent, organization_id=str(tx.organization)):
                async with tx.transaction():
                    await self._apply(tx, [head])
        except Exception as error:
            if faults.is_passing(error):
                raise
            await self._fail(tx, head, error)
        else:
            await lane_rows.leave(tx, self._consumer, [message.aggregate_id])

    async def _fail_later(self, organization: UUID, head: Head, error: Exception) -> None:
        """Write down a failure whose own transaction is gone, unless somebody else was there meanwhile."""
        async with self._database.transaction(organization) as tx:
            lane = head.message.aggregate_id
            if await lane_rows.lock(tx, self._consumer, lane):
                now = await self._head(tx, lane)
                if now is not None and now.message.id == head.message.id:
                    await self._fail(tx, now, error)

    async def _head(self, tx: Transaction, lane: str) -> Head | None:
        """The head of a locked lane that is to be applied. A lane without one is taken away, or stopped."""
        for head in await lane_rows.heads(tx, self._consumer, [lane], 1, 1):
            if head.state != "PARKED":
                return head
            await lane_rows.try_again(tx, self._consumer, [lane], None)
            return None
        await lane_rows.leave(tx, self._consumer, [lane])
        return None

    async def _apply(self, tx: Transaction, heads: Sequence[Head]) -> None:
        if heads:
            messages = [head.message for head in heads]
            await self._intake.handlers.apply(tx, messages)
            await lane_rows.done(tx, self._consumer, messages)
            metrics.RECEIVED.labels(self._consumer, "done").inc(len(messages))

    async def _fail(self, tx: Transaction, head: Head, error: Exception) -> None:
        decided = verdict(error, head.tries, head.age, self._intake.tries)
        await lane_rows.failed(tx, self._consumer, head, decided, described(error))
        tell(self._consumer, head.message, decided.state, decided.tries, error)

    async def _pause(self, error: psycopg.Error) -> None:
        """After a failure that is nobody's."""
        if not faults.is_passing(error):
            raise error
        if not faults.is_conflict(error):
            metrics.PAUSES.labels(self._consumer).inc()
            log.warning("lanes wait for their database", consumer=self._consumer, failure=described(error))
            await asyncio.sleep(_PAUSE_SECONDS)
