"""What Kafka does not take holds up its key and nothing else, and nothing is lost while Kafka is away."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from chassis.database.pool import Database
from chassis.messaging import outbox
from chassis.messaging.kafka import MESSAGE_BYTES, Kafka
from chassis.messaging.outbox import Row
from chassis.messaging.publishing import Outcome
from chassis.messaging.relay import Relay
from chassis.messaging.topics import Topic, create_topics
from laptop.kafka import make_kafka
from laptop.ports import free_port
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.orders.v1.events_pb2 import OrderEvent
from tests.given.events import header, order_event
from tests.given.relaying import ORDER_EVENT, all_published, got, order_of, publish, records, relay_lease, unpublished
from tests.given.run import Run
from tests.given.waiting import until


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
    name = f"{kafka.prefix}{ORDER_EVENT}"
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


class Silence:
    """A broker that does not answer, until it does."""

    def __init__(self) -> None:
        self.lasts = True
        self.taken: list[Row] = []

    async def send(self, rows: Sequence[Row]) -> Outcome:
        if self.lasts:
            return Outcome(failed=[(row, TimeoutError()) for row in rows])
        self.taken += rows
        return Outcome(acknowledged=list(rows))


async def test_after_an_hour_without_kafka_everything_is_out_in_a_few_rounds(
    own: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trap 37, an hour of the relay's own clock: no key is held to blame for it, and more keys wait than it tries."""
    organization, lease, kafka = uuid4(), await relay_lease(own), Silence()
    relay = Relay(own, Kafka("nowhere"))
    now, rounds = 0.0, 0
    monkeypatch.setattr(relay._publisher, "send", kafka.send)
    monkeypatch.setattr("chassis.messaging.relay.time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr("chassis.messaging.relay._MOST_BLOCKED", 30)
    for minute in range(60):
        async with own.transaction(organization) as tx:
            await outbox.write(tx, [order_event(organization, str((minute + n) % 40), minute) for n in range(5)])
        await relay.publish(lease)
        now += 60
    assert len(await unpublished(own)) == 300
    kafka.lasts = False
    async with own.directory() as tx:
        await lease.renew(tx)
    while await unpublished(own):
        await relay.publish(lease)
        now, rounds = now + 0.05, rounds + 1

    versions = [(row.key, OrderEvent.FromString(row.payload).header.aggregate_version) for row in kafka.taken]
    for key in range(40):
        assert order_of(str(key), versions) == sorted({m for m in range(60) for n in range(5) if (m + n) % 40 == key})
    # 300 rows, 30 at a time, behind the one round that finds out: no key is tried by itself for what Kafka did.
    assert rounds <= 11
