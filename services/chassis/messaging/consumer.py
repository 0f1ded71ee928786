"""Reads the topics of a consumer, and moves its offsets when what was read is safe in the database.

A batch is handled before anything else is fetched, and before partitions are given to another member of the group.
What may come twice after a kill, a rebalance or a failed commit, the inbox knows already.
"""

import asyncio
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from chassis.database.pool import Database
from chassis.messaging import metrics
from chassis.messaging.envelope import EventMessage
from chassis.messaging.handlers import Handler, Handlers
from chassis.messaging.inbox import Received
from chassis.messaging.intake import Intake
from chassis.messaging.kafka import Kafka, put_away
from chassis.messaging.shares import Turn, turns
from chassis.messaging.tries import TRIES
from chassis.telemetry.logs import get_logger

log = get_logger()

BATCH = 500
# What one organisation may have of a batch while others are waiting.
SHARE = BATCH // 4
SIDE_BY_SIDE = 8
BEHIND_SECONDS = 5.0

_FETCH_MS = 500
# A rebalance waits for the batch, but not for ever: the group would go on without this member.
_DRAIN_SECONDS = 30.0
# A client that fetches nothing for so long although there is something is thrown away (aiokafka#1154).
_STUCK_SECONDS = 60.0
_PAUSE_SECONDS = 1.0

Records = Mapping[TopicPartition, Sequence[ConsumerRecord[bytes, bytes]]]


class Consumer:
    """One consumer: its name, which is its group's and its lanes', and a handler for each type of message.

    tries: how often a message may fail for its own sake before it is PARKED.
    """

    def __init__(
        self,
        name: str,
        handlers: Mapping[type[EventMessage], Handler],
        *,
        database: Database,
        kafka: Kafka,
        tries: int = TRIES,
        share: int = SHARE,
    ) -> None:
        self.name = name
        self.intake = Intake(database, name, Handlers(handlers), tries=tries)
        self._kafka = kafka
        self._share = share
        self._stopping = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._reading: asyncio.Task[None] | None = None
        self._batch: asyncio.Task[None] | None = None
        self._given_up = False
        self._last_progress = time.monotonic()

    async def run(self) -> None:
        """Read until told to stop."""
        self._reading = asyncio.create_task(self._read_with_new_clients())
        try:
            await self._reading
        except asyncio.CancelledError:
            if not self._stopping:
                raise

    async def stop(self) -> None:
        """Finish the batch in hand, commit its offsets, leave the group."""
        self._stopping = True
        await self._idle.wait()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait({self._reading})

    async def give_up_partitions(self) -> None:
        """Before a rebalance: let the fetched batch end and its offsets be committed."""
        try:
            await asyncio.wait_for(self._idle.wait(), _DRAIN_SECONDS)
        except TimeoutError:
            if self._batch is not None:
                log.warning("batch left to the next member", consumer=self.name)
                self._given_up = True
                self._batch.cancel()

    async def _read_with_new_clients(self) -> None:
        while not self._stopping:
            client = self._kafka.consumer(self.name)
            try:
                await self._read(client)
            except KafkaError as error:
                log.warning("consumer takes a new client", consumer=self.name, failure=type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)
            finally:
                await put_away(client)

    async def _read(self, client: AIOKafkaConsumer) -> None:
        topics = [f"{self._kafka.prefix}{name}" for name in self.intake.handlers.types]
        await client.start()
        client.subscribe(topics, listener=_Listener(self))
        self._last_progress = time.monotonic()
        while not self._stopping:
            records: Records = await client.getmany(timeout_ms=_FETCH_MS, max_records=BATCH)
            # Nothing is awaited between the fetch and this: a rebalance finds the batch in hand or not fetched.
            if records and not self._stopping:
                self._idle.clear()
                try:
                    await self._handle(client, records)
                finally:
                    self._idle.set()
            elif time.monotonic() - self._last_progress > _STUCK_SECONDS:
                await self._check_progress(client)

    async def _handle(self, client: AIOKafkaConsumer, records: Records) -> None:
        """One fetched batch, to the end."""
        self._given_up = False
        self._batch = asyncio.create_task(self._take(records))
        try:
            await self._batch
        except asyncio.CancelledError:
            if not self._given_up:
                raise
            # Its offsets stay where they were, and whoever has the partitions now begins there.
            return
        finally:
            self._batch = None
        self._last_progress = time.monotonic()
        self._measure(client, records)
        try:
            await client.commit({partition: batch[-1].offset + 1 for partition, batch in records.items()})
        except KafkaError as error:
            log.warning("offsets not committed: messages may come again", consumer=self.name, failure=repr(error))

    async def _take(self, records: Records) -> None:
        """Apply a batch: organisations in turn, some side by side."""
        now = time.time()
        batch: dict[UUID, list[Received]] = {}
        for partition, part in records.items():
            name = partition.topic.removeprefix(self._kafka.prefix)
            for record in part:
                place = f"{partition.topic}/{partition.partition}/{record.offset}"
                message = self.intake.handlers.read(name, record.value or b"", record.key or b"", place)
                batch.setdefault(message.organization, []).append(message)
        behind = any(now - part[0].timestamp / 1000 > BEHIND_SECONDS for part in records.values())
        waiting = iter(turns(batch, share=self._share, behind=behind))
        async with asyncio.TaskGroup() as group:
            for _ in range(min(SIDE_BY_SIDE, len(batch))):
                group.create_task(self._take_turns(waiting))

    async def _take_turns(self, waiting: Iterator[Turn]) -> None:
        for turn in waiting:
            await self.intake.take(turn)

    def _measure(self, client: AIOKafkaConsumer, records: Records) -> None:
        now = time.time()
        lag: dict[str, int] = {}
        for partition, part in records.items():
            end = client.highwater(partition)
            lag[partition.topic] = lag.get(partition.topic, 0) + max(0, (end or 0) - part[-1].offset - 1)
            age = max(0.0, now - part[-1].timestamp / 1000)
            metrics.TIME_LAG.labels(self.name, partition.topic).set(age)
        for topic, messages in lag.items():
            metrics.LAG.labels(self.name, topic).set(messages)

    async def _check_progress(self, client: AIOKafkaConsumer) -> None:
        """Raise when there is something to fetch and nothing was fetched for a minute."""
        partitions = client.assignment()
        if partitions:
            ends = await asyncio.wait_for(client.end_offsets(partitions), _STUCK_SECONDS)
            for partition, end in ends.items():
                if await client.position(partition) < end:
                    raise KafkaError("no progress although there are messages")
        self._last_progress = time.monotonic()


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Tells the consumer that partitions are about to go."""

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        if revoked:
            await self._consumer.give_up_partitions()

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """Nothing to do: positions are the committed ones."""
