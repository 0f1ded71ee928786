"""A producer that gives up in time and is thrown away when it fails; behind it a new one is made.

It is not idempotent, because an idempotent aiokafka producer ignores its timeout: a record may be written twice, so its
readers must know it by an id. While there is no producer a send fails at once, so that its caller can go elsewhere.
"""

import asyncio
import time
import zlib
from collections import deque
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from chassis.messaging.kafka import Kafka, put_away
from chassis.telemetry.logs import get_logger

_START_SECONDS = 5.0
_SECONDS_BETWEEN_LOOKS = 0.1
_SHORTEST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 2.0

log = get_logger()


class NotTaken(Exception):
    """Kafka did not acknowledge the record. It may have it all the same."""


class DisposableProducer:
    """Sends records of one topic, acknowledged by all replicas in sync, within `seconds` each."""

    def __init__(self, kafka: Kafka, topic: str, *, seconds: float) -> None:
        self._kafka = kafka
        self._topic = f"{kafka.prefix}{topic}"
        self._seconds = seconds
        self._producer: AIOKafkaProducer | None = None
        self._partitions = 1
        # Deadlines of the records that are sent and not acknowledged.
        self._waiting: deque[tuple[float, asyncio.Future[Any]]] = deque()
        self._problem = ""
        self._stopping = False
        # Something is to be done: there is no producer, or it is time to stop.
        self._wanted = asyncio.Event()
        self._wanted.set()
        self._putting_away: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Keep a producer until told to stop. Kafka need not be there."""
        pause = _SHORTEST_PAUSE_SECONDS
        clock = asyncio.create_task(self._give_up_in_time())
        while True:
            await self._wanted.wait()
            if self._stopping:
                break
            self._wanted.clear()
            if await self._make_one():
                pause = _SHORTEST_PAUSE_SECONDS
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), pause)
            self._wanted.set()
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        if self._producer is not None:
            self._dispose(self._producer)
        clock.cancel()
        await asyncio.gather(*self._putting_away)

    async def stop(self) -> None:
        """After the last send."""
        self._stopping = True
        self._wanted.set()

    @property
    def is_ready(self) -> bool:
        """Whether there is a producer now."""
        return self._producer is not None

    async def send(self, key: str, value: bytes) -> None:
        """Returns when the record is acknowledged. Raises NotTaken, at once where Kafka is known to be away."""
        producer = self._producer
        if producer is None:
            raise NotTaken("Kafka does not answer")
        deadline = time.monotonic() + self._seconds
        try:
            encoded = key.encode()
            # Any rule for the partition does that stays: Kafka's own, in Python, costs a tenth of what a webhook does.
            partition = zlib.crc32(encoded) % self._partitions
            acknowledged = await producer.send(self._topic, value, encoded, partition)
            self._waiting.append((deadline, acknowledged))
            await acknowledged
        except MessageSizeTooLargeError as error:
            # The record's own fault: the others go on.
            raise NotTaken("the record is too large") from error
        except (KafkaError, OSError, TimeoutError) as error:
            if self._producer is producer:
                log.warning("producer thrown away", topic=self._topic, error=type(error).__name__)
                self._dispose(producer)
            raise NotTaken("Kafka did not acknowledge the record") from error

    async def _give_up_in_time(self) -> None:
        """One clock for all records that wait; a timer for each costs more than sending it."""
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            now = time.monotonic()
            # In the order of their deadlines, but for what waited for room in a batch; that comes a look later.
            while self._waiting and (self._waiting[0][1].done() or self._waiting[0][0] < now):
                _, acknowledged = self._waiting.popleft()
                if not acknowledged.done():
                    acknowledged.set_exception(TimeoutError())

    def _dispose(self, producer: AIOKafkaProducer) -> None:
        self._producer = None
        self._wanted.set()
        task = asyncio.create_task(put_away(producer))
        self._putting_away.add(task)
        task.add_done_callback(self._putting_away.discard)

    async def _make_one(self) -> bool:
        producer = self._kafka.impatient_producer(self._seconds)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await producer.start()
                # The first record must not wait for what is known of the topic.
                self._partitions = len(await producer.partitions_for(self._topic))
        except (KafkaError, OSError, TimeoutError) as error:
            await put_away(producer)
            problem = type(error).__name__
            if problem != self._problem:
                log.warning("Kafka takes no records", topic=self._topic, error=problem)
            self._problem = problem
            return False
        except asyncio.CancelledError:
            await put_away(producer)
            raise
        self._producer = producer
        self._problem = ""
        log.info("producer ready", topic=self._topic)
        return True
