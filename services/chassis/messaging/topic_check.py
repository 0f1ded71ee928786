"""A service serves also while Kafka is away: its topics are then looked at as soon as Kafka answers.

Writes go on into the outbox and deliveries into the inbox, by RPC; a process that restarts during an outage must do
what one that ran through it does. It is ready: readiness never asks the broker. What Kafka answers is judged as ever:
topics that are missing or other than declared stop the start, or end the process when that is known only later. Until
then nothing is read from Kafka and nothing is sent.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

from aiokafka.errors import KafkaError, KafkaTimeoutError

from chassis.messaging.kafka import Kafka
from chassis.messaging.topics import Topic, check_topics, wait_until_known
from chassis.process import Part
from chassis.telemetry.logs import get_logger

log = get_logger()

_TRY_SECONDS = 5.0
# A broker that just came back may need as long to know its topics again.
_TRY_AGAIN_SECONDS = 20.0
_PAUSE_SECONDS = 1.0


class TopicCheck:
    """`service.runs("topics", topics := await TopicCheck.begin(...))`; what needs Kafka is `topics.before(part)`."""

    def __init__(self, kafka: Kafka, topics: Sequence[Topic]) -> None:
        self._kafka = kafka
        self._topics = topics
        self._passed = asyncio.Event()
        self._stopping = asyncio.Event()

    @classmethod
    async def begin(cls, kafka: Kafka, topics: Sequence[Topic]) -> Self:
        """Look at the topics once. Raises TopicsRefused; returns, after seconds, where Kafka does not answer."""
        check = cls(kafka, topics)
        try:
            async with asyncio.timeout(_TRY_SECONDS):
                await check_topics(kafka, topics)
            check._passed.set()
        except (KafkaError, OSError, TimeoutError) as error:
            _raise_if_answered(error)
            log.warning("started without Kafka", bootstrap=kafka.bootstrap, error=type(error).__name__)
        return check

    async def run(self) -> None:
        """Look until they are seen, then only be there. Raises TopicsRefused."""
        while not self._passed.is_set() and not self._stopping.is_set():
            try:
                async with asyncio.timeout(_TRY_AGAIN_SECONDS):
                    await wait_until_known(self._kafka, self._topics)
                self._passed.set()
                log.info("topics seen", bootstrap=self._kafka.bootstrap)
            except (KafkaError, OSError, TimeoutError) as error:
                _raise_if_answered(error)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), _PAUSE_SECONDS)
        await self._stopping.wait()

    async def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    def before(self, part: Part) -> Part:
        """The part, which begins once the topics are as declared."""
        return _After(self._passed, part)


class _After:
    def __init__(self, passed: asyncio.Event, part: Part) -> None:
        self._passed = passed
        self._part = part
        self._waiting: asyncio.Task[bool] | None = None
        self._begun = False

    async def run(self) -> None:
        self._waiting = asyncio.create_task(self._passed.wait())
        await asyncio.wait({self._waiting})
        if not self._waiting.cancelled():
            self._begun = True
            await self._part.run()

    async def stop(self) -> None:
        if self._begun:
            await self._part.stop()
        elif self._waiting is not None:
            self._waiting.cancel()


def _raise_if_answered(error: Exception) -> None:
    """Kafka that refuses is not away: waiting would not help."""
    if isinstance(error, KafkaError) and not (error.retriable or isinstance(error, KafkaTimeoutError)):
        raise error
