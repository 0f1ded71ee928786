import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.messaging.disposable_producer import DisposableProducer, NotTaken
from chassis.messaging.kafka import PAYLOAD_BYTES, Kafka
from chassis.messaging.topics import Topic, create_topics
from laptop.kafka import Kafka as Broker
from laptop.kafka import make_kafka
from laptop.ports import free_port
from rappit.orders.v1.events_pb2 import StoreEvent
from tests.given.run import Run
from tests.given.waiting import until

TOPIC = Topic(StoreEvent, partitions=2)
SECONDS = 2.0


@asynccontextmanager
async def producer_of(kafka: Kafka) -> AsyncIterator[DisposableProducer]:
    producer = DisposableProducer(kafka, TOPIC.name, seconds=SECONDS)
    running = asyncio.create_task(producer.run())
    yield producer
    await producer.stop()
    await running


async def refused_after(producer: DisposableProducer) -> float:
    started = time.monotonic()
    with pytest.raises(NotTaken):
        await producer.send("key", b"value")
    return time.monotonic() - started


@pytest.fixture
def own_broker(tmp_path: Path, this_run: Run) -> Iterator[Broker]:
    with make_kafka(tmp_path, free_port(), guard=this_run.guard) as broker:
        yield broker


@pytest.fixture
async def shared(kafka: str, topic_prefix: str) -> Kafka:
    address = Kafka(kafka, f"{topic_prefix}{uuid4().hex[:8]}.", development=True)
    await create_topics(address, [TOPIC])
    return address


async def test_a_record_that_returned_is_in_kafka(shared: Kafka) -> None:
    async with producer_of(shared) as producer:
        await until(lambda: producer.is_ready)
        await asyncio.gather(*(producer.send(f"key {number}", b"%d" % number) for number in range(100)))

    consumer = shared.consumer("reader")
    consumer.subscribe([f"{shared.prefix}{TOPIC.name}"])
    await consumer.start()
    found: dict[bytes, bytes] = {}
    async with asyncio.timeout(20):
        while len(found) < 100:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found |= {record.key: record.value for record in records}
    await consumer.stop()
    assert found == {f"key {number}".encode(): b"%d" % number for number in range(100)}


async def test_the_largest_event_is_taken_and_one_that_is_too_large_harms_no_other(shared: Kafka) -> None:
    async with producer_of(shared) as producer:
        await until(lambda: producer.is_ready)
        await producer.send("key", b"x" * PAYLOAD_BYTES)
        with pytest.raises(NotTaken):
            await producer.send("key", b"x" * 2 * PAYLOAD_BYTES)

        assert producer.is_ready
        await producer.send("key", b"next")


async def test_without_kafka_a_send_fails_at_once() -> None:
    async with producer_of(Kafka(f"127.0.0.1:{free_port()}")) as producer:
        assert await refused_after(producer) < 0.1


async def test_while_kafka_is_killed_sends_fail_in_time_and_go_on_after(own_broker: Broker) -> None:
    """Trap 37."""
    address = Kafka(own_broker.bootstrap, development=True)
    await create_topics(address, [TOPIC])
    async with producer_of(address) as producer:
        await until(lambda: producer.is_ready)
        own_broker.kill()

        assert await refused_after(producer) < SECONDS + 0.5
        assert not producer.is_ready
        assert await refused_after(producer) < 0.1

        own_broker.start()
        await until(lambda: producer.is_ready)
        await producer.send("key", b"value")


async def test_a_paused_kafka_is_given_up_in_time(own_broker: Broker) -> None:
    """Trap 37. Its connections stay open and nothing answers."""
    address = Kafka(own_broker.bootstrap, development=True)
    await create_topics(address, [TOPIC])
    async with producer_of(address) as producer:
        await until(lambda: producer.is_ready)
        own_broker.program.pause()
        try:
            assert await refused_after(producer) < SECONDS + 0.5
            assert await refused_after(producer) < 0.1
        finally:
            own_broker.program.resume()
        await until(lambda: producer.is_ready)
        await producer.send("key", b"value")
