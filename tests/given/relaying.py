"""The outbox of a database of one's own, and what Kafka got of it."""

import asyncio
from dataclasses import dataclass
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.database.leases import Lease, take
from chassis.database.pool import Database
from chassis.messaging import outbox
from chassis.messaging.envelope import EventMessage
from chassis.messaging.kafka import Kafka
from rappit.orders.v1.events_pb2 import OrderEvent

ORDER_EVENT = "rappit.orders.v1.OrderEvent"


async def relay_lease(database: Database) -> Lease:
    """The relay's lease, taken by the test."""
    async with database.directory() as tx:
        lease = await take(tx, "relay", "test")
    assert lease is not None
    return lease


async def publish(database: Database, *events: EventMessage) -> None:
    """Write events, each in a transaction of its own organisation."""
    for event in events:
        async with database.transaction(UUID(event.header.organization_id)) as tx:
            await outbox.write(tx, [event])


async def unpublished(database: Database) -> list[outbox.Row]:
    """What waits in the outbox."""
    async with database.finder() as finder:
        return await outbox.unpublished(finder, 10_000)


@dataclass(frozen=True)
class Record:
    """What Kafka has: key, value, and the headers by name."""

    key: str
    value: bytes
    headers: dict[str, str]


async def records(kafka: Kafka, topic: str) -> list[Record]:
    """All records of a topic, in order within each partition."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, group_id=None, auto_offset_reset="earliest")
    await consumer.start()
    try:
        numbers = await consumer._client._wait_on_metadata(f"{kafka.prefix}{topic}")
        partitions = [TopicPartition(f"{kafka.prefix}{topic}", number) for number in numbers]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        found: list[Record] = []
        while [partition for partition, end in ends.items() if await consumer.position(partition) < end]:
            for batch in (await consumer.getmany(timeout_ms=200)).values():
                found += [
                    Record(each.key.decode(), each.value, {name: value.decode() for name, value in each.headers})
                    for each in batch
                ]
        return found
    finally:
        await consumer.stop()


def new_prefix(topic_prefix: str) -> str:
    """A prefix that no other test has."""
    return f"{topic_prefix}{uuid4()}."


async def all_published(database: Database) -> None:
    """Returns when nothing waits any more; each look takes a while by itself."""
    async with asyncio.timeout(40):
        while await unpublished(database):
            continue


def order_of(key: str, found: list[tuple[str, int]]) -> list[int]:
    """Versions of one key, in order."""
    return [version for each, version in found if each == key]


async def got(kafka: Kafka) -> list[tuple[str, int]]:
    """(key, version) of the order events that Kafka has."""
    return [
        (record.key, OrderEvent.FromString(record.value).header.aggregate_version)
        for record in await records(kafka, ORDER_EVENT)
    ]
