"""A producer that was thrown away, or slept, writes nothing after what the next one wrote."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, ProducerFenced

from chassis.database.leases import LeaseLost
from chassis.database.pool import Database
from chassis.messaging import kafka as chassis_kafka
from chassis.messaging.kafka import Kafka, give_up, put_away
from chassis.messaging.outbox import Row
from chassis.messaging.publishing import Outcome, Publisher
from chassis.messaging.relay import Relay
from chassis.messaging.topics import Topic, create_topics
from laptop.kafka import Kafka as Broker
from laptop.kafka import make_kafka
from laptop.ports import free_port
from rappit.orders.v1.events_pb2 import OrderEvent
from tests.given.events import order_event
from tests.given.log_lines import LogLines
from tests.given.relaying import ORDER_EVENT, got, order_of, publish, relay_lease, unpublished
from tests.given.run import Run
from tests.given.waiting import until


async def held() -> None:
    """The lease is its own."""


@pytest.fixture
async def rows(own: Database) -> list[Row]:
    """Four versions of one aggregate."""
    organization = uuid4()
    await publish(own, *(order_event(organization, "a", version) for version in (1, 2, 3, 4)))
    return await unpublished(own)


@pytest.fixture
async def publisher(topics: Kafka) -> AsyncIterator[Publisher]:
    made = Publisher(topics, "relay", held)
    yield made
    await made.close()


async def test_nothing_is_sent_before_the_last_producer_is_gone(
    topics: Kafka, publisher: Publisher, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go = asyncio.Event()

    async def slowly(producer: object) -> None:
        await may_go.wait()
        await chassis_kafka.put_away(producer)

    monkeypatch.setattr("chassis.messaging.publishing.put_away", slowly)
    await publisher.send(rows[:1])
    await publisher.replace_producer()
    sending = asyncio.create_task(publisher.send(rows[1:2]))
    done, _ = await asyncio.wait({sending}, timeout=0.5)
    found = order_of("a", await got(topics))
    may_go.set()
    assert (done, found) == (set(), [1])

    outcome = await asyncio.wait_for(sending, 10)
    assert outcome.acknowledged == rows[1:2]
    assert order_of("a", await got(topics)) == [1, 2]


async def test_a_sleeper_that_wakes_writes_nothing_behind_its_successor(
    topics: Kafka, publisher: Publisher, rows: list[Row]
) -> None:
    """Trap 46. It had read the rows and passed all its own checks when it was paused, and goes on from there."""
    sleeper = Publisher(topics, "relay", held)
    first, second, third, _ = rows
    await sleeper.send([first])
    assert (await publisher.send([first, second])).acknowledged == [first, second]
    late = await sleeper.send([first])
    after = await publisher.send([third])
    await sleeper.close()

    assert [type(error) for _, error in late.failed] == [ProducerFenced]
    assert after.acknowledged == [third]
    assert order_of("a", await got(topics)) == [1, 1, 2, 3]


async def test_whoever_lost_the_lease_shuts_nobody_out(rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes no epoch of the name, of which Kafka would take the rightful holder's for the older."""
    started: list[str] = []

    async def start(_producer: object, name: str) -> None:
        started.append(name)

    async def lost() -> None:
        raise LeaseLost("relay")

    monkeypatch.setattr("chassis.messaging.publishing.start_fenced", start)
    late = Publisher(Kafka("127.0.0.1:9"), "relay", lost)
    with pytest.raises(LeaseLost):
        await late.send(rows)
    await late.close()

    assert started == []


async def test_one_that_is_shut_out_does_not_take_kafka_for_away(
    own: Database, rows: list[Row], monkeypatch: pytest.MonkeyPatch, log_lines: LogLines
) -> None:
    async def shut_out(rows: Sequence[Row]) -> Outcome:
        return Outcome(failed=[(row, ProducerFenced()) for row in rows])

    relay = Relay(own, Kafka("127.0.0.1:9"))
    monkeypatch.setattr(relay._publisher, "send", shut_out)
    await relay.publish(await relay_lease(own))

    assert log_lines.of("Kafka takes no events") == []
    assert (relay._away, len(relay._blocked)) == (False, 0)
    assert await unpublished(own) == rows


def is_connected(producer: AIOKafkaProducer) -> bool:
    return any(connection.connected() for connection in producer.client._conns.values())


@pytest.fixture
def broker(tmp_path: Path, this_run: Run) -> Iterator[Broker]:
    """A broker of the test's own, to be paused."""
    with make_kafka(tmp_path, free_port(), guard=this_run.guard) as started:
        yield started


async def test_what_waited_in_a_producer_that_is_thrown_away_is_never_sent(
    broker: Broker, rows: list[Row], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor does such a producer leave anything behind, though Kafka never answers what it had under way."""
    ours = Kafka(broker.bootstrap, development=True)
    await create_topics(ours, [Topic(OrderEvent, partitions=1)])
    publisher = Publisher(ours, "relay", held)
    first, second, third, fourth = rows
    await publisher.send([first])
    old = publisher._producer
    assert old is not None
    stuck = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, enable_idempotence=True, request_timeout_ms=300)
    await stuck.start()
    await stuck.send_and_wait(ORDER_EVENT, second.payload, b"another")
    broker.program.pause()
    try:
        # One request at a time: the second is under way, the third waits for it.
        under_way = await publisher._send(old, second)
        await until(lambda: not old._message_accumulator._batches)
        waiting = await publisher._send(old, third)
        await publisher.replace_producer()
        for future in (under_way, waiting):
            with pytest.raises(KafkaError, match="put away"):
                await asyncio.wait_for(future, 1)
        never_answered = await stuck.send(ORDER_EVENT, third.payload, b"another")
        await until(lambda: not stuck._message_accumulator._batches)
        give_up(stuck)
        await put_away(stuck)
        assert isinstance(never_answered.exception(), KafkaError)
    finally:
        broker.program.resume()
    outcome = await publisher.send([second, fourth])
    await publisher.close()

    assert outcome.acknowledged == [second, fourth]
    assert list(dict.fromkeys(order_of("a", await got(ours)))) == [1, 2, 4]
    assert order_of("a", await got(ours))[-1] == 4
    assert not is_connected(stuck)
    assert "did not stop cleanly" not in capsys.readouterr().out


async def test_a_producer_whose_sender_fails_while_it_ends_leaves_no_connection(
    topics: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    producer = topics.producer()
    await producer.start()
    end_sender = producer._sender.close

    async def fail() -> None:
        await end_sender()
        raise KeyError("a fault of the client's own")

    monkeypatch.setattr(producer._sender, "close", fail)
    assert is_connected(producer)
    await put_away(producer)

    assert not is_connected(producer)
