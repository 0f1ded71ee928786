"""The outbox reaches Kafka: all of it, in the order of each key, whatever fails meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from chassis.database.leases import LeaseLost
from chassis.database.pool import Database
from chassis.messaging import outbox
from chassis.messaging.kafka import MESSAGE_BYTES, Kafka
from chassis.messaging.publishing import Outcome
from chassis.messaging.relay import Relay
from chassis.messaging.topics import Topic, create_topics
from laptop.kafka import make_kafka
from laptop.ports import free_port
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.orders.v1.events_pb2 import OrderEvent
from tests.given.events import header, order_event
from tests.given.postgres import DatabaseOf
from tests.given.relaying import new_prefix, publish, records, relay_lease, unpublished
from tests.given.run import Run
from tests.given.waiting import until

TOPIC = "rappit.orders.v1.OrderEvent"


@pytest.fixture
async def own(fresh_service_database: DatabaseOf) -> AsyncIterator[Database]:
    """A database whose outbox is this test's alone."""
    addresses = fresh_service_database("chassis")
    database = await Database.open(addresses.service, addresses.finder, service="chassis", size=6)
    yield database
    await database.close()


@pytest.fixture
def bare(kafka: str, topic_prefix: str) -> Kafka:
    """Kafka, and no topic yet."""
    return Kafka(kafka, new_prefix(topic_prefix), development=True)


@pytest.fixture
async def topics(bare: Kafka) -> Kafka:
    """Kafka with a topic of four partitions."""
    await create_topics(bare, [Topic(OrderEvent, partitions=4)])
    return bare


@pytest.fixture
async def relay(own: Database, topics: Kafka) -> AsyncIterator[Relay]:
    """A relay that the test drives by `publish`."""
    made = Relay(own, topics)
    yield made
    await made._publisher.close()


def order_of(key: str, found: list[tuple[str, int]]) -> list[int]:
    return [version for each, version in found if each == key]


async def got(kafka: Kafka) -> list[tuple[str, int]]:
    """(key, version) of what Kafka has."""
    return [
        (record.key, OrderEvent.FromString(record.value).header.aggregate_version)
        for record in await records(kafka, TOPIC)
    ]


async def test_an_event_is_published_as_it_was_written_and_marked(own: Database, topics: Kafka, relay: Relay) -> None:
    event = order_event(uuid4(), "a", 3, traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01")
    await publish(own, event)

    await relay.publish(await relay_lease(own))

    (record,) = await records(topics, TOPIC)
    assert record.value == event.SerializeToString()
    assert record.key == "a"
    assert record.headers == {
        "id": event.header.id,
        "type": "order_changed",
        "traceparent": event.header.traceparent,
    }
    assert await unpublished(own) == []


async def test_commits_out_of_the_order_of_their_numbers_are_all_published(
    own: Database, topics: Kafka, relay: Relay
) -> None:
    """Trap 36: a row with a lower number is committed after a higher one was published."""
    organization, lease = uuid4(), await relay_lease(own)
    async with own.transaction(organization) as slow:
        await outbox.write(slow, [order_event(organization, "slow", 1)])
        await publish(own, order_event(organization, "fast", 1))
        await relay.publish(lease)
        assert await got(topics) == [("fast", 1)]
        await outbox.write(slow, [order_event(organization, "slow", 2)])
    await relay.publish(lease)

    assert sorted(await got(topics)) == [("fast", 1), ("slow", 1), ("slow", 2)]
    assert await unpublished(own) == []


async def test_under_sixteen_writers_nothing_is_missed_and_each_key_keeps_its_order(
    own: Database, topics: Kafka
) -> None:
    """Trap 36, with the relay running: writers of one key hold its row's lock, as writers of an aggregate do."""
    relay = Relay(own, topics)
    running = asyncio.create_task(relay.run())
    organization = uuid4()

    async def write(writer: int) -> None:
        for n in range(15):
            key = str((writer + n) % 5)
            async with own.transaction(organization) as tx:
                await tx.execute(
                    """INSERT INTO lanes (organization_id, consumer, aggregate_id) VALUES (%s, 'lock', %s)
                    ON CONFLICT (organization_id, consumer, aggregate_id) DO UPDATE SET consumer = excluded.consumer""",
                    (organization, key),
                )
                last = await tx.execute("SELECT count(*) AS n FROM outbox WHERE aggregateid = %s", (key,))
                (row,) = await last.fetchall()
                await outbox.write(tx, [order_event(organization, key, row.n + 1)])

    await asyncio.gather(*(write(writer) for writer in range(16)))
    await all_published(own)
    await relay.stop()
    await running

    found = await got(topics)
    for key in range(5):
        assert order_of(str(key), found) == list(range(1, 49))


async def test_large_events_are_published_a_few_at_a_time_and_all_of_them(
    own: Database, topics: Kafka, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_BYTES", 1)
    organization, lease = uuid4(), await relay_lease(own)
    await publish(own, *(order_event(organization, "a", n) for n in range(3)))

    for n in range(3):
        own.outbox_written.clear()
        await relay.publish(lease)
        assert order_of("a", await got(topics)) == list(range(n + 1))
        assert own.outbox_written.is_set()


async def test_it_is_woken_by_its_own_process(own: Database, topics: Kafka, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.messaging.relay._PERIOD", 3600.0)
    relay = Relay(own, topics)
    running = asyncio.create_task(relay.run())
    for n in range(3):
        await publish(own, order_event(uuid4(), str(n)))
        await all_published(own)

    await relay.stop()
    await running


async def all_published(database: Database) -> None:
    """Returns when nothing waits any more; each look takes a while by itself."""
    async with asyncio.timeout(40):
        while await unpublished(database):
            continue


@pytest.mark.kafka
@pytest.mark.parametrize("refuses", ["topics", "kafka"])
async def test_a_record_too_large_holds_up_its_key_and_no_other(
    refuses: str, own: Database, bare: Kafka, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Trap 47, by the broker's limit and by the client's. (m) It made every later record of its partition fail."""
    with monkeypatch.context() as narrow:
        narrow.setattr(f"chassis.messaging.{refuses}.MESSAGE_BYTES", 20_000)
        await create_topics(bare, [Topic(OrderEvent, partitions=1)])
        relay = Relay(own, bare)
        organization, lease = uuid4(), await relay_lease(own)
        large = order_event(organization, "large", 1, traceparent="x" * 30_000)
        await publish(own, order_event(organization, "0", 0), large, order_event(organization, "large", 2))
        await publish(own, *(order_event(organization, str(n % 10), n) for n in range(1, 40)))

        while {row.key for row in await unpublished(own)} != {"large"}:
            await relay.publish(lease)

        found = await got(bare)
        assert [order_of(str(key), found) for key in range(10)] == [[n, n + 10, n + 20, n + 30] for n in range(10)]
        assert order_of("large", found) == []
        (line, *_) = [
            line for line in capsys.readouterr().out.splitlines() if "its key waits" in line and "large" in line
        ]
        assert large.header.id in line
        await publish(own, order_event(organization, "large", 3))

    await widen(bare)
    await relay._publisher.replace_producer()
    while await unpublished(own):
        await relay.publish(lease)
    assert order_of("large", await got(bare)) == [1, 2, 3]
    await relay._publisher.close()


async def widen(kafka: Kafka) -> None:
    """What an operator does who finds a topic too narrow."""
    admin = kafka.admin()
    await admin.start()
    name = f"{kafka.prefix}{TOPIC}"
    await admin.alter_configs(
        [ConfigResource(ConfigResourceType.TOPIC, name, {"max.message.bytes": str(MESSAGE_BYTES)})]
    )
    await admin.close()


async def test_a_topic_that_is_missing_holds_up_no_other(
    own: Database, topics: Kafka, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trap 47."""
    monkeypatch.setattr("chassis.messaging.publishing._MISSING_SECONDS", 0.5)
    organization, lease = uuid4(), await relay_lease(own)
    await publish(own, IdentityEvent(header=header(organization, organization)), order_event(organization, "a"))

    await relay.publish(lease)
    assert await got(topics) == [("a", 1)]
    await publish(own, order_event(organization, "a", 2))
    await create_topics(topics, [Topic(IdentityEvent, partitions=1)])
    while await unpublished(own):
        await relay.publish(lease)

    assert len(await records(topics, "rappit.identity.v1.IdentityEvent")) == 1


@pytest.mark.kafka
async def test_while_kafka_is_away_writes_go_on_and_drain_in_order_when_it_is_back(
    own: Database, tmp_path: Path, this_run: Run
) -> None:
    """Trap 37."""
    with make_kafka(tmp_path / "kafka", free_port(), guard=this_run.guard) as broker:
        ours = Kafka(broker.bootstrap, development=True)
        await create_topics(ours, [Topic(OrderEvent, partitions=4)])
        relay = Relay(own, ours)
        running = asyncio.create_task(relay.run())
        organization = uuid4()
        await publish(own, *(order_event(organization, str(n % 5), n) for n in range(20)))
        await all_published(own)

        await asyncio.to_thread(broker.kill)
        await publish(own, *(order_event(organization, str(n % 5), n) for n in range(20, 720)))
        assert len(await unpublished(own)) == 700
        await until(lambda: len(relay._blocked) > 0)
        await asyncio.to_thread(broker.start)
        await all_published(own)
        await relay.stop()
        await running

        found = await got(ours)
        for key in range(5):
            # At least once: a record may be there again, never before one that it follows.
            assert list(dict.fromkeys(order_of(str(key), found))) == list(range(key, 720, 5))


async def test_rows_behind_a_failure_are_not_marked(own: Database, topics: Kafka, relay: Relay) -> None:
    """Marked up to the first failure of their key: the others are sent again, behind it."""
    organization, lease = uuid4(), await relay_lease(own)
    await publish(own, *(order_event(organization, key, n) for n in (1, 2, 3) for key in ("a", "b")))
    rows = await unpublished(own)
    second_of_a = next(row for row in rows if row.key == "a" and row is not rows[0])
    outcome = Outcome([row for row in rows if row is not second_of_a], [(second_of_a, TimeoutError())])

    await relay._settle(lease, rows, outcome)

    assert [(row.key, row.seq) for row in await unpublished(own)] == [
        ("a", row.seq) for row in rows if row.key == "a" and row is not rows[0]
    ]


async def test_a_relay_that_lost_its_lease_marks_nothing(own: Database, topics: Kafka, relay: Relay) -> None:
    """Trap 46: it was paused between sending and marking, and another took over."""
    lease = await relay_lease(own)
    await publish(own, order_event(uuid4(), "a"))
    async with own.directory() as tx:
        await tx.execute("UPDATE leases SET epoch = epoch + 1 WHERE name = 'relay'")

    with pytest.raises(LeaseLost):
        await relay.publish(lease)

    assert len(await unpublished(own)) == 1


async def test_an_event_larger_than_a_record_is_refused_when_it_is_written(own: Database) -> None:
    organization = uuid4()
    with pytest.raises(psycopg.errors.CheckViolation, match="outbox_payload_fits_a_record"):
        await publish(own, order_event(organization, "a", traceparent="x" * 900_000))


async def test_an_event_of_another_organization_is_not_written(own: Database) -> None:
    async with own.transaction(UUID(int=1)) as tx:
        with pytest.raises(ValueError, match="another organisation"):
            await outbox.write(tx, [order_event(uuid4(), "a")])
