"""Takes one organisation's messages into its database: applied with their inbox rows, or set aside in their lanes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from chassis.database import faults
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.errors import NotYet
from chassis.messaging import inbox, metrics
from chassis.messaging.handlers import Handlers, described
from chassis.messaging.inbox import Received
from chassis.messaging.shares import Turn
from chassis.messaging.tries import TRIES, Timeouts, verdict
from chassis.telemetry import traces
from chassis.telemetry.logs import get_logger

log = get_logger()

Write: TypeAlias = Callable[[Transaction], Awaitable[None]]

_SHORTEST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0


class Intake:
    """What a consumer does with a message, however it came. Returns only when the message is safe in the database."""

    def __init__(self, database: Database, consumer: str, handlers: Handlers, *, tries: int = TRIES) -> None:
        self.consumer = consumer
        self.handlers = handlers
        self.tries = tries
        self._database = database
        self._timeouts = Timeouts()

    async def take(self, turn: Turn) -> None:
        """Apply what is to be applied now, then queue the rest behind it."""
        if turn.apply:
            await self.apply(turn.organization, turn.apply)
        if turn.queue:
            await self._queue(turn.organization, turn.queue)

    async def apply(self, organization: UUID, batch: Sequence[Received]) -> None:
        """In one transaction; if that fails for the sake of one of them, each in its own."""
        pause = _Pause(self.consumer)
        while True:
            try:
                await self._apply_together(organization, batch)
            except Exception as error:  # noqa: BLE001 (every failure is written down, none is passed over)
                if len(batch) == 1:
                    if await self._set_aside(organization, batch[0], error):
                        return
                elif not faults.is_passing(error) or faults.is_timeout(error):
                    for each in batch:
                        await self.apply(organization, [each])
                    return
                await pause(error)
            else:
                return

    async def _apply_together(self, organization: UUID, batch: Sequence[Received]) -> None:
        only = batch[0].traceparent if len(batch) == 1 else ""
        links = () if only else [each.traceparent for each in batch]
        with traces.span(self.consumer, traceparent=only, links=links, organization_id=str(organization)):
            async with self._database.transaction(organization) as tx:
                fresh = await inbox.claim(tx, self.consumer, batch)
                # The last one of each id, in the order of the first: a delivery may be there twice.
                ours = list({each.id: each for each in batch if each.id in fresh}.values())
                if ours:
                    await self.handlers.apply(tx, ours)
        self._timeouts.over(batch[0].id)
        metrics.INBOX_BATCH.labels(self.consumer).observe(len(batch))
        metrics.RECEIVED.labels(self.consumer, "done").inc(len(ours))
        metrics.RECEIVED.labels(self.consumer, "queued or repeated").inc(len(batch) - len(ours))

    async def _set_aside(self, organization: UUID, message: Received, error: Exception) -> bool:
        """Whether the message was at fault, and is now in its lane; False when the same is to be done again."""
        if faults.is_passing(error) and not (faults.is_timeout(error) and self._timeouts.own_fault(message.id)):
            return False
        decided = verdict(error, 0, timedelta(), self.tries)

        async def write(tx: Transaction) -> None:
            await inbox.set_aside(
                tx,
                self.consumer,
                message,
                state=decided.state,
                tries=decided.tries,
                failure=described(error),
                pause=decided.pause,
            )

        await self._until_written(organization, write)
        self._timeouts.over(message.id)
        tell(self.consumer, message, decided.state, decided.tries, error)
        return True

    async def _queue(self, organization: UUID, batch: Sequence[Received]) -> None:
        async def write(tx: Transaction) -> None:
            await inbox.wait(tx, self.consumer, batch)

        await self._until_written(organization, write)
        metrics.RECEIVED.labels(self.consumer, "queued or repeated").inc(len(batch))

    async def _until_written(self, organization: UUID, write: Write) -> None:
        pause = _Pause(self.consumer)
        while True:
            try:
                async with self._database.transaction(organization) as tx:
                    await write(tx)
            except Exception as error:
                if not faults.is_passing(error):
                    raise
                await pause(error)
            else:
                return


def tell(consumer: str, message: Received, state: str, tries: int, error: BaseException) -> None:
    """Log and count a message that was set aside."""
    outcome = "not yet" if isinstance(error, NotYet) else state.lower()
    metrics.RECEIVED.labels(consumer, outcome).inc()
    facts = {
        "consumer": consumer,
        "organization_id": str(message.organization),
        "event_id": str(message.id),
        "aggregate_id": message.aggregate_id,
        "type": message.type,
        "tries": tries,
        "failure": described(error),
    }
    if state == "PARKED":
        log.error("message parked: its lane waits for replay or discard", **facts)
    else:
        log.warning("message will be tried again", **facts)


class _Pause:
    """Waits longer each time, for a database that is away, or for nothing much after a lost race."""

    def __init__(self, consumer: str) -> None:
        self._consumer = consumer
        self._seconds = _SHORTEST_PAUSE

    async def __call__(self, error: Exception) -> None:
        if not faults.is_conflict(error):
            metrics.PAUSES.labels(self._consumer).inc()
            log.warning("consumer pauses for its database", consumer=self._consumer, failure=described(error))
        await asyncio.sleep(self._seconds)
        self._seconds = min(self._seconds * 2, _LONGEST_PAUSE)
