import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from chassis.messaging.kafka import Kafka
from chassis.messaging.listener import Listener
from chassis.messaging.topics import Topic, create_topics
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.orders.v1.events_pb2 import StoreEvent
from rappit.types.v1.event_header_pb2 import EventHeader
from tests.given.waiting import until

TOPICS = [Topic(StoreEvent, partitions=3), Topic(IdentityEvent, partitions=2)]


class Heard:
    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []
        self.gaps = 0

    def store(self, event: StoreEvent) -> None:
        self.events.append(("store", event.header.aggregate_id))

    def identity(self, event: IdentityEvent) -> None:
        self.events.append(("identity", event.header.aggregate_id))
        if event.header.aggregate_id == "poison":
            raise ValueError("poison")

    def gap(self) -> None:
        self.gaps += 1

    async def until(self, count: int) -> None:
        await until(lambda: len(self.events) >= count)


@pytest.fixture
async def shared(kafka: str, topic_prefix: str) -> Kafka:
    return Kafka(kafka, f"{topic_prefix}{uuid4().hex[:8]}.", development=True)


@asynccontextmanager
async def listener_of(kafka: Kafka, heard: Heard) -> AsyncIterator[Listener]:
    listener = Listener(kafka, {StoreEvent: heard.store, IdentityEvent: heard.identity}, on_gap=heard.gap)
    running = asyncio.create_task(listener.run())
    yield listener
    await listener.stop()
    await running


async def publish(kafka: Kafka, *events: StoreEvent | IdentityEvent) -> None:
    async with kafka.producer() as producer:
        for event in events:
            topic = f"{kafka.prefix}{event.DESCRIPTOR.full_name}"
            await producer.send_and_wait(topic, event.SerializeToString(), event.header.aggregate_id.encode())


def store(name: str) -> StoreEvent:
    return StoreEvent(header=EventHeader(aggregate_id=name))


def identity(name: str) -> IdentityEvent:
    return IdentityEvent(header=EventHeader(aggregate_id=name))


async def test_each_replica_hears_every_event_of_all_partitions_from_now_on(shared: Kafka) -> None:
    await create_topics(shared, TOPICS)
    await publish(shared, store("before"))
    heard = [Heard(), Heard()]
    async with listener_of(shared, heard[0]) as first, listener_of(shared, heard[1]) as second, asyncio.timeout(30):
        await asyncio.gather(first.listening(), second.listening())
        await publish(shared, *(store(f"store {number}") for number in range(10)), identity("organization"))
        for replica in heard:
            await replica.until(11)

    wanted = {("store", f"store {number}") for number in range(10)} | {("identity", "organization")}
    assert [set(replica.events) for replica in heard] == [wanted, wanted]
    assert [replica.gaps for replica in heard] == [1, 1]


async def test_it_begins_when_the_topics_are_there(shared: Kafka) -> None:
    heard = Heard()
    async with listener_of(shared, heard) as listener, asyncio.timeout(30):
        await create_topics(shared, TOPICS)
        await listener.listening()
        await publish(shared, store("new"))
        await heard.until(1)

    assert heard.events == [("store", "new")]


async def test_what_cannot_be_read_or_used_is_passed_over(shared: Kafka) -> None:
    await create_topics(shared, TOPICS)
    heard = Heard()
    async with listener_of(shared, heard) as listener, asyncio.timeout(30):
        await listener.listening()
        async with shared.producer() as producer:
            await producer.send_and_wait(f"{shared.prefix}{TOPICS[0].name}", b"\xff\xff", b"key")
        await publish(shared, identity("poison"), identity("next"))
        await heard.until(2)

    assert heard.events == [("identity", "poison"), ("identity", "next")]
