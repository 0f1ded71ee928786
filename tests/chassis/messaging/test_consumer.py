"""Reads Kafka: offsets move when the database has what was read, and a rebalance waits for what was fetched."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.database.transaction import Transaction
from chassis.messaging.consumer import Consumer
from chassis.messaging.envelope import EventMessage, Message
from chassis.messaging.kafka import Kafka
from chassis.messaging.lanes import LaneWorker
from chassis.messaging.topics import Topic, create_topics
from rappit.orders.v1.events_pb2 import OrderEvent
from tests.given.events import order_event
from tests.given.receiver import Receiver, failing_for, nothing_fails
from tests.given.relaying import new_prefix
from tests.given.waiting import until

PARTITIONS = 4


@pytest.fixture
async def topics(kafka: str, topic_prefix: str) -> Kafka:
    """Kafka with a topic of order events."""
    ours = Kafka(kafka, new_prefix(topic_prefix), development=True)
    await create_topics(ours, [Topic(OrderEvent, partitions=PARTITIONS)])
    return ours


async def send(kafka: Kafka, *events: EventMessage) -> None:
    """Put events on their topic, as the relay does."""
    producer = kafka.producer()
    await producer.start()
    for event in events:
        topic = f"{kafka.prefix}{event.DESCRIPTOR.full_name}"
        await producer.send(topic, event.SerializeToString(), event.header.aggregate_id.encode())
    await producer.stop()


def member(receiver: Receiver, kafka: Kafka) -> Consumer:
    """A consumer of the receiver's name and handler that reads this Kafka."""
    return Consumer(receiver.name, {OrderEvent: receiver.apply}, database=receiver.database, kafka=kafka)


@asynccontextmanager
async def running(*consumers: Consumer) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(consumer.run()) for consumer in consumers]
    try:
        yield
    finally:
        for consumer, task in zip(consumers, tasks, strict=True):
            await consumer.stop()
            await task


async def committed(receiver: Receiver, kafka: Kafka) -> int:
    """How many messages the group has behind it."""
    topic = f"{kafka.prefix}rappit.orders.v1.OrderEvent"
    reader = AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, group_id=f"{kafka.prefix}{receiver.name}", enable_auto_commit=False
    )
    await reader.start()
    try:
        partitions = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        reader.assign(partitions)
        return sum([await reader.committed(partition) or 0 for partition in partitions])
    finally:
        await reader.stop()


async def test_it_begins_at_the_beginning_and_keeps_the_order_of_each_key(receiver: Receiver, topics: Kafka) -> None:
    events = [order_event(receiver.organization, str(n % 7), n) for n in range(70)]
    await send(topics, *events)

    async with running(member(receiver, topics)):
        await until(lambda: sum(map(len, receiver.batches)) >= 70)

    applied = await receiver.applied()
    assert {key: [v for each, v in applied if each == key] for key in "0123456"} == {
        str(key): list(range(key, 70, 7)) for key in range(7)
    }
    assert await committed(receiver, topics) == 70


async def test_another_that_comes_after_it_goes_on_where_it_ended(receiver: Receiver, topics: Kafka) -> None:
    await send(topics, order_event(receiver.organization, "a", 1))
    async with running(member(receiver, topics)):
        await until(lambda: receiver.batches)
    await send(topics, order_event(receiver.organization, "a", 2))

    async with running(member(receiver, topics)):
        await until(lambda: len(receiver.batches) == 2)

    assert receiver.batches == [[("a", 1)], [("a", 2)]]


async def test_offsets_do_not_move_before_the_database_has_the_batch(receiver: Receiver, topics: Kafka) -> None:
    reached, may_go_on = asyncio.Event(), asyncio.Event()

    async def wait(message: Message[Any], tx: Transaction) -> None:
        reached.set()
        await may_go_on.wait()

    receiver.fails = wait
    await send(topics, order_event(receiver.organization, "a"))
    async with running(member(receiver, topics)):
        await asyncio.wait_for(reached.wait(), 20)
        before = await committed(receiver, topics)
        may_go_on.set()
    assert (before, await committed(receiver, topics)) == (0, 1)
    assert await receiver.applied() == [("a", 1)]


async def test_a_poison_message_moves_the_offset_and_the_others_go_on(receiver: Receiver, topics: Kafka) -> None:
    """Trap 13, from Kafka to the lane worker."""
    receiver.fails = failing_for("bad", ValueError())
    consumer = member(receiver, topics)
    await send(topics, *(order_event(receiver.organization, key, n) for n in (1, 2, 3) for key in ("a", "bad", "b")))
    async with running(consumer):
        await until(lambda: {("a", 3), ("b", 3)} <= {each for batch in receiver.batches for each in batch})
    assert await committed(receiver, topics) == 9
    assert await receiver.states("bad") == ["RETRYING", "WAITING", "WAITING"]

    receiver.fails = nothing_fails
    await receiver.due_now()
    worker = LaneWorker(receiver.database, [consumer])
    working = asyncio.create_task(worker.run())
    await until(lambda: ("bad", 3) in receiver.batches[-1])
    await worker.stop()
    await working

    assert [each for each in await receiver.applied() if each[0] == "bad"] == [("bad", 1), ("bad", 2), ("bad", 3)]


async def test_while_the_database_is_away_it_pauses_and_loses_nothing(receiver: Receiver, topics: Kafka) -> None:
    failures = iter([psycopg.OperationalError("the connection is lost")] * 5)

    def fails(message: Message[Any], _tx: Transaction) -> None:
        for failure in failures:
            raise failure

    receiver.fails = fails
    await send(topics, *(order_event(receiver.organization, str(n)) for n in range(10)))
    async with running(member(receiver, topics)):
        await until(lambda: sum(map(len, receiver.batches)) >= 20)

    assert sorted(await receiver.applied()) == [(str(n), 1) for n in range(10)]
    assert await receiver.open_lanes() == set()


async def test_a_new_member_waits_for_the_batch_that_is_in_hand(
    receiver: Receiver, topics: Kafka, another: Callable[..., Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebalance waits for what was fetched, so nothing is applied by two members at once."""
    reached, may_go_on = asyncio.Event(), asyncio.Event()

    async def wait(message: Message[Any], tx: Transaction) -> None:
        reached.set()
        await may_go_on.wait()

    receiver.fails = wait
    first, second = member(receiver, topics), another(organization=receiver.organization, name=receiver.name)
    asked = asyncio.Event()
    give_up = first.give_up_partitions

    async def noted_give_up() -> None:
        asked.set()
        await give_up()

    monkeypatch.setattr(first, "give_up_partitions", noted_give_up)
    await send(topics, *(order_event(receiver.organization, str(n)) for n in range(20)))
    async with running(first):
        await asyncio.wait_for(reached.wait(), 20)
        async with running(member(second, topics)):
            await asyncio.wait_for(asked.wait(), 20)
            before = await committed(receiver, topics), len(second.batches)
            may_go_on.set()
            assert before == (0, 0)
            await send(topics, *(order_event(receiver.organization, str(n), 2) for n in range(20)))
            await until(lambda: sum(map(len, (*receiver.batches, *second.batches))) >= 40)
            assert second.batches
    assert sorted(await receiver.applied()) == sorted((str(n), version) for n in range(20) for version in (1, 2))
    handled = [each for batch in (*receiver.batches, *second.batches) for each in batch]
    assert len(handled) == len(set(handled))


async def test_a_batch_that_does_not_end_is_left_to_the_next_member(
    receiver: Receiver, topics: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebalance does not wait for ever, and what was given up comes again."""
    reached, test_ends = asyncio.Event(), asyncio.Event()
    consumer = member(receiver, topics)

    async def never(message: Message[Any], tx: Transaction) -> None:
        reached.set()
        await test_ends.wait()

    receiver.fails = never
    monkeypatch.setattr("chassis.messaging.consumer._DRAIN_SECONDS", 0.05)
    await send(topics, order_event(receiver.organization, "a"))
    async with running(consumer):
        await asyncio.wait_for(reached.wait(), 20)
        await consumer.give_up_partitions()
        await asyncio.wait({asyncio.create_task(consumer._idle.wait())}, timeout=5)
        given_up = consumer._idle.is_set()
        test_ends.set()
    assert given_up
    assert await committed(receiver, topics) == 0

    receiver.fails = nothing_fails
    async with running(member(receiver, topics)):
        await until(lambda: len(receiver.batches) == 2)
    assert await receiver.applied() == [("a", 1)]


async def test_cancelled_in_the_middle_of_a_batch_it_ends(receiver: Receiver, topics: Kafka) -> None:
    """As when another part of the process failed: the batch is rolled back and the process can end."""
    reached = asyncio.Event()

    async def never(message: Message[Any], tx: Transaction) -> None:
        reached.set()
        await asyncio.get_running_loop().create_future()

    receiver.fails = never
    await send(topics, order_event(receiver.organization, "a"))
    running_one = asyncio.create_task(member(receiver, topics).run())
    await asyncio.wait_for(reached.wait(), 20)
    running_one.cancel()

    done, _ = await asyncio.wait({running_one}, timeout=15)
    assert running_one in done
    assert await receiver.rows() == {}


async def test_a_flood_queues_and_the_other_organization_does_not_wait_for_it(
    receiver: Receiver, topics: Kafka, another: Callable[..., Receiver]
) -> None:
    other = another(name=receiver.name)
    flood = [order_event(receiver.organization, f"order {n}") for n in range(40)]
    consumer = Consumer(receiver.name, {OrderEvent: receiver.apply}, database=receiver.database, kafka=topics, share=4)
    await consumer._take(await fetched(topics, *flood, order_event(other.organization, "only")))

    assert len(await receiver.applied()) == 4
    assert await other.applied() == [("only", 1)]
    assert list((await receiver.rows()).values()).count("WAITING") == 36


async def fetched(kafka: Kafka, *events: EventMessage) -> dict[TopicPartition, list[Any]]:
    """The events as one fetched batch."""
    await send(kafka, *events)
    reader = kafka.consumer(f"reader-{uuid4()}")
    reader.subscribe([f"{kafka.prefix}rappit.orders.v1.OrderEvent"])
    await reader.start()
    records: dict[TopicPartition, list[Any]] = {}
    while sum(map(len, records.values())) < len(events):
        for partition, batch in (await reader.getmany(timeout_ms=500)).items():
            records.setdefault(partition, []).extend(batch)
    await reader.stop()
    return records
