"""A process starts also while Kafka is away, and not with topics that are other than declared."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from chassis.messaging.kafka import Kafka
from chassis.messaging.topic_check import TopicCheck
from chassis.messaging.topics import Topic, TopicsRefused, create_topics
from laptop.kafka import Kafka as Broker
from laptop.kafka import make_kafka
from laptop.ports import free_port
from rappit.orders.v1.events_pb2 import OrderEvent
from tests.given.run import Run

TOPICS = [Topic(OrderEvent, partitions=1)]


class Reader:
    """A part that notes what becomes of it."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.stopped = asyncio.Event()

    async def run(self) -> None:
        self.begun.set()
        await self.stopped.wait()

    async def stop(self) -> None:
        self.stopped.set()


@asynccontextmanager
async def running(check: TopicCheck, reader: Reader) -> AsyncIterator["asyncio.Task[None]"]:
    """Both as a process runs them, and stopped in its order."""
    after = check.before(reader)
    checking, reading = asyncio.create_task(check.run()), asyncio.create_task(after.run())
    yield checking
    async with asyncio.timeout(10):
        await after.stop()
        await reading
        await check.stop()
        if not checking.done():
            await checking


@pytest.fixture
def broker(tmp_path: Path, this_run: Run) -> Iterator[Broker]:
    """A broker of the test's own, not started."""
    made = make_kafka(tmp_path, free_port(), guard=this_run.guard)
    yield made
    made.stop()


@pytest.fixture
def own(broker: Broker) -> Kafka:
    return Kafka(broker.bootstrap, development=True)


async def test_what_needs_kafka_begins_when_kafka_has_come(broker: Broker, own: Kafka) -> None:
    """Trap 37."""
    check, reader = await TopicCheck.begin(own, TOPICS), Reader()
    async with running(check, reader) as checking:
        await asyncio.to_thread(broker.start)
        assert not reader.begun.is_set()
        await create_topics(own, TOPICS)
        async with asyncio.timeout(30):
            await reader.begun.wait()
        assert not checking.done()

    assert reader.stopped.is_set()


async def test_a_kafka_that_is_paused_is_away(broker: Broker, own: Kafka) -> None:
    await asyncio.to_thread(broker.start)
    await create_topics(own, TOPICS)
    broker.program.pause()
    try:
        began = time.monotonic()
        check, reader = await TopicCheck.begin(own, TOPICS), Reader()
        assert time.monotonic() - began < 10
    finally:
        broker.program.resume()
    async with running(check, reader), asyncio.timeout(30):
        await reader.begun.wait()


async def test_who_is_stopped_while_kafka_is_away_need_not_wait_for_it(own: Kafka) -> None:
    check, reader = await TopicCheck.begin(own, TOPICS), Reader()
    async with running(check, reader):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.begun.wait(), 0.2)

    assert not reader.begun.is_set()
    assert not reader.stopped.is_set()


async def test_what_kafka_has_otherwise_stops_the_start(kafka: str, topic_prefix: str) -> None:
    with pytest.raises(TopicsRefused, match="OrderEvent is missing"):
        await TopicCheck.begin(Kafka(kafka, f"{topic_prefix}none.", development=True), TOPICS)


async def test_what_kafka_has_otherwise_ends_the_process_when_it_comes(
    broker: Broker, own: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.messaging.topics._KNOWN_SECONDS", 1.0)
    check, reader = await TopicCheck.begin(own, TOPICS), Reader()
    async with running(check, reader) as checking:
        await asyncio.to_thread(broker.start)
        with pytest.raises(TopicsRefused, match="OrderEvent is missing"):
            await asyncio.wait_for(checking, 30)

    assert not reader.begun.is_set()
