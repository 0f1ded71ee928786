"""Sends rows of the outbox to Kafka and says of each what became of it.

An idempotent producer keeps the order of its records over broker failures; in return it never gives one up by itself,
and one record that is refused makes every later one of its partition fail. So it is disposable: whenever a row was not
acknowledged in time, the producer is replaced. What the old one holds it may not send any more, and the next begins
only when the request that it had under way is over: an old record written after a newer one would be what a compacted
topic keeps of the key.

For the same reason a process that slept with records in hand must not send them when it wakes. Kafka sees to that: a
producer shuts out all that were started before it. Its process asks whether the lease is its own before it starts one,
and once more when it is started; so whoever takes the lease later starts a later one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    CorruptRecordException,
    InvalidTimestampError,
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    ProducerFenced,
    RecordListTooLargeError,
    RecordTooLargeError,
    TopicAuthorizationFailedError,
    UnsupportedForMessageFormatError,
)

from chassis.messaging.kafka import Kafka, give_up, put_away, start_fenced
from chassis.messaging.outbox import Row

# Errors that say something about the record. All others are about Kafka, or follow from another record's.
_REFUSED = (
    CorruptRecordException,
    InvalidTimestampError,
    InvalidTopicError,
    MessageSizeTooLargeError,
    PolicyViolationError,
    RecordListTooLargeError,
    RecordTooLargeError,
    TopicAuthorizationFailedError,
    UnsupportedForMessageFormatError,
)

_START_SECONDS = 5.0
# How long a topic is looked for, and how long one that was not found is not looked for again.
_TOPIC_SECONDS = 1.0
_MISSING_SECONDS = 10.0
# How long the slowest acknowledgement may come after the one before it.
_ACK_SECONDS = 5.0


@dataclass(slots=True)
class Outcome:
    """What became of the rows that were sent."""

    acknowledged: list[Row] = field(default_factory=list)
    failed: list[tuple[Row, BaseException]] = field(default_factory=list)


def is_refused(error: BaseException) -> bool:
    """Whether Kafka took offence at the record itself, or at one that it was sent together with."""
    return isinstance(error, _REFUSED)


def is_shut_out(error: BaseException) -> bool:
    """Whether another producer of the name was started meanwhile, which says nothing of the record, nor of Kafka."""
    return isinstance(error, ProducerFenced)


class Publisher:
    """Owns the producer.

    name: all that publish the same outbox have it.
    confirm: returns while this process is the one that may publish, raises what `send` is to raise when it is not.
    """

    def __init__(self, kafka: Kafka, name: str, confirm: Callable[[], Awaitable[None]]) -> None:
        self._kafka = kafka
        self._name = f"{kafka.prefix}{name}"
        self._confirm = confirm
        self._producer: AIOKafkaProducer | None = None
        self._missing: dict[str, tuple[float, KafkaError | TimeoutError]] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    async def send(self, rows: Sequence[Row]) -> Outcome:
        """Send the rows in order, and wait for all acknowledgements, or until they cease to come.

        What comes after a row that could not even be handed over, of the same key, is not sent and has no outcome.
        """
        outcome = Outcome()
        try:
            producer = await self._started()
            missing = await self._missing_topics(producer, {row.topic for row in rows})
        except (KafkaError, OSError, TimeoutError) as error:
            outcome.failed = [(row, error) for row in rows]
            await self.replace_producer()
            return outcome
        sent: dict[asyncio.Future[object], Row] = {}
        held: set[tuple[str, str]] = set()
        for row in rows:
            if row.topic_key in held:
                continue
            try:
                if row.topic in missing:
                    raise missing[row.topic]
                sent[await self._send(producer, row)] = row
            except (KafkaError, OSError, TimeoutError) as error:
                outcome.failed.append((row, error))
                held.add(row.topic_key)
        for future in await _until_quiet(sent):
            failure = future.exception() if future.done() else TimeoutError("not acknowledged in time")
            if failure is None:
                outcome.acknowledged.append(sent[future])
            else:
                outcome.failed.append((sent[future], failure))
        if outcome.failed:
            await self.replace_producer()
        return outcome

    async def replace_producer(self) -> None:
        """Throw the producer away; the next send makes a new one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            give_up(producer)
            leaving = asyncio.create_task(put_away(producer))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)

    async def close(self) -> None:
        """Stop what was ever started."""
        await self.replace_producer()
        await asyncio.gather(*self._leaving)

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            if self._leaving:
                await asyncio.wait(self._leaving)
            # Before it shuts others out, and after: whoever took the lease between is the later one.
            await self._confirm()
            self._producer = self._kafka.producer()
            try:
                async with asyncio.timeout(_START_SECONDS):
                    await start_fenced(self._producer, self._name)
                await self._confirm()
            except BaseException:
                await self.replace_producer()
                raise
        return self._producer

    async def _missing_topics(
        self, producer: AIOKafkaProducer, topics: Iterable[str]
    ) -> dict[str, KafkaError | TimeoutError]:
        """Topics that Kafka does not have: asked for here, for each send would wait for them by itself."""
        now = time.monotonic()
        self._missing = {topic: found for topic, found in self._missing.items() if now - found[0] < _MISSING_SECONDS}
        for topic in topics:
            if topic not in self._missing:
                try:
                    async with asyncio.timeout(_TOPIC_SECONDS):
                        await producer.partitions_for(f"{self._kafka.prefix}{topic}")
                except (KafkaError, TimeoutError) as error:
                    self._missing[topic] = now, error
        return {topic: error for topic, (_, error) in self._missing.items()}

    async def _send(self, producer: AIOKafkaProducer, row: Row) -> asyncio.Future[object]:
        headers = [("id", str(row.id).encode()), ("type", row.type.encode()), ("traceparent", row.traceparent.encode())]
        async with asyncio.timeout(_ACK_SECONDS):
            future: asyncio.Future[object] = await producer.send(
                f"{self._kafka.prefix}{row.topic}", row.payload, row.key.encode(), headers=headers
            )
        return future


async def _until_quiet(futures: Iterable[asyncio.Future[object]]) -> Iterable[asyncio.Future[object]]:
    """Wait until all are done, or until none was for a while. Answers all of them, in order."""
    futures = list(futures)
    waiting = set(futures)
    while waiting:
        done, waiting = await asyncio.wait(waiting, timeout=_ACK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            break
    for future in waiting:
        # Its failure will be nobody's news any more.
        future.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    return futures
