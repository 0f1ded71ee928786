"""Events as hints for every replica: all partitions without a group, from the end. Nothing is stored or repeated.

Who listens must be right without it, only later: an event may be missed while the process or Kafka is away. `on_gap` is
called whenever that may have been so, at the start too.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from google.protobuf.message import DecodeError, Message

from chassis.messaging.kafka import Kafka, put_away
from chassis.telemetry.logs import get_logger

_START_SECONDS = 10.0
_SHORTEST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 2.0

Hint = Callable[[Any], None]

log = get_logger()


class Listener:
    """Calls `hints[type]` with each new event of the type."""

    def __init__(self, kafka: Kafka, hints: Mapping[type[Message], Hint], *, on_gap: Callable[[], None]) -> None:
        self._kafka = kafka
        self._hints = {f"{kafka.prefix}{kind.DESCRIPTOR.full_name}": (kind, hint) for kind, hint in hints.items()}
        self._on_gap = on_gap
        self._listening = asyncio.Event()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Listen until told to stop, from when Kafka is there."""
        pause = _SHORTEST_PAUSE_SECONDS
        while not self._stopping.is_set():
            if await self._listen():
                pause = _SHORTEST_PAUSE_SECONDS
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def stop(self) -> None:
        """Stop listening."""
        self._stopping.set()

    async def listening(self) -> None:
        """Returns when every event from now on will be heard."""
        await self._listening.wait()

    async def _listen(self) -> bool:
        """Listen as long as it goes well; whether it went well at all."""
        consumer = self._kafka.listener(kind.DESCRIPTOR.full_name for kind, _ in self._hints.values())
        try:
            async with asyncio.timeout(_START_SECONDS):
                await self._join(consumer)
            self._on_gap()
            self._listening.set()
            while not self._stopping.is_set():
                await self._hear(consumer)
        except (KafkaError, OSError, TimeoutError) as error:
            if self._listening.is_set():
                log.warning("listening was interrupted", error=type(error).__name__)
            return self._listening.is_set()
        finally:
            self._listening.clear()
            await put_away(consumer)
        return True

    async def _join(self, consumer: AIOKafkaConsumer) -> None:
        await consumer.start()
        await consumer.seek_to_end()
        for place in consumer.assignment():
            # Where the end is, is asked for now and not with the first event.
            await consumer.position(place)

    async def _hear(self, consumer: AIOKafkaConsumer) -> None:
        batches = await consumer.getmany(timeout_ms=500)
        for place, records in batches.items():
            kind, hint = self._hints[place.topic]
            for record in records:
                try:
                    hint(kind.FromString(record.value or b""))
                except (DecodeError, ValueError) as error:
                    log.warning("hint passed over", topic=place.topic, offset=record.offset, error=type(error).__name__)
