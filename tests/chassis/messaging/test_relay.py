"""The outbox reaches Kafka: all of it, in the order of each key, whatever fails meanwhile."""

import asyncio
from uuid import UUID, uuid4

import psycopg
import pytest

from chassis.database.leases import LeaseLost
from chassis.database.pool import Database
from chassis.messaging import outbox
from chassis.messaging.kafka import Kafka
from chassis.messaging.publishing import Outcome
from chassis.messaging.relay import Relay
from tests.given.events import order_event
from tests.given.relaying import ORDER_EVENT, all_published, got, order_of, publish, records, relay_lease, unpublished


async def test_an_event_is_published_as_it_was_written_and_marked(own: Database, topics: Kafka, relay: Relay) -> None:
    event = order_event(uuid4(), "a", 3, traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01")
    await publish(own, event)

    await relay.publish(await relay_lease(own))

    (record,) = await records(topics, ORDER_EVENT)
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
    organization, lease = uuid4(), await relay_lease(own)
    await publish(own, order_event(organization, "a", 1))
    await relay.publish(lease)
    await publish(own, order_event(organization, "a", 2))
    await lose_lease(own)

    with pytest.raises(LeaseLost):
        await relay.publish(lease)

    assert await got(topics) == [("a", 1), ("a", 2)]
    assert len(await unpublished(own)) == 1


async def test_a_relay_that_lost_its_lease_starts_no_producer(own: Database, topics: Kafka, relay: Relay) -> None:
    """Trap 46: it would shut out that of the relay that took over, and send what is old by then."""
    lease = await relay_lease(own)
    await publish(own, order_event(uuid4(), "a"))
    await lose_lease(own)

    with pytest.raises(LeaseLost):
        await relay.publish(lease)

    assert await got(topics) == []


async def test_a_relay_that_has_its_lease_back_publishes_with_a_producer_of_its_own_time(
    own: Database, topics: Kafka, relay: Relay, capsys: pytest.CaptureFixture[str]
) -> None:
    """The one that it had is shut out by the relay that had the lease meanwhile."""
    organization, between = uuid4(), Relay(own, topics)
    for n, each in enumerate((relay, between, relay)):
        await publish(own, order_event(organization, "a", n))
        await each.publish(await relay_lease(own))
        await lose_lease(own)
    await between._publisher.close()

    assert await got(topics) == [("a", 0), ("a", 1), ("a", 2)]
    assert "not published" not in capsys.readouterr().out


async def lose_lease(database: Database) -> None:
    """Another had it, and it is to be had again."""
    async with database.directory() as tx:
        await tx.execute("UPDATE leases SET epoch = epoch + 1, expire_time = now() WHERE name = 'relay'")


async def test_an_event_larger_than_a_record_is_refused_when_it_is_written(own: Database) -> None:
    organization = uuid4()
    with pytest.raises(psycopg.errors.CheckViolation, match="outbox_payload_fits_a_record"):
        await publish(own, order_event(organization, "a", traceparent="x" * 900_000))


async def test_an_event_of_another_organization_is_not_written(own: Database) -> None:
    async with own.transaction(UUID(int=1)) as tx:
        with pytest.raises(ValueError, match="another organisation"):
            await outbox.write(tx, [order_event(uuid4(), "a")])
