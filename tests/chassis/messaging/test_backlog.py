"""What waits is measured, so that alarms can be raised on it."""

import asyncio
from uuid import uuid4

from prometheus_client import REGISTRY

from chassis.messaging.backlog import Backlog
from chassis.messaging.handlers import Unreadable
from tests.given.events import order_event
from tests.given.receiver import Receiver, failing_for
from tests.given.relaying import publish
from tests.given.waiting import until


def gauge(name: str, **labels: str) -> float:
    value = REGISTRY.get_sample_value(name, labels)
    assert value is not None
    return value


async def test_inbox_and_stopped_lanes_are_counted_by_consumer_and_state(receiver: Receiver) -> None:
    receiver.fails = failing_for("torn", Unreadable())
    await receiver.take(receiver.event("torn", 1), receiver.event("torn", 2))
    await receiver.work()
    await receiver.queue(receiver.event("a"))
    await receiver.execute("UPDATE inbox SET receive_time = now() - interval '90 s' WHERE consumer = %s")

    async with receiver.database.finder() as finder:
        await Backlog(receiver.database, [receiver.consumer]).measure(finder)

    states = {
        state: gauge("rappit_inbox_rows", consumer=receiver.name, state=state)
        for state in ("WAITING", "RETRYING", "PARKED")
    }
    assert states == {"WAITING": 2, "RETRYING": 0, "PARKED": 1}
    assert gauge("rappit_inbox_oldest_seconds", consumer=receiver.name, state="PARKED") >= 90
    assert gauge("rappit_lanes_blocked", consumer=receiver.name) == 1


async def test_the_outbox_is_counted_and_its_oldest_event_has_an_age(receiver: Receiver) -> None:
    await publish(receiver.database, order_event(uuid4(), "a"))
    backlog = Backlog(receiver.database)
    running = asyncio.create_task(backlog.run())

    await until(lambda: gauge("rappit_outbox_rows") >= 1 and gauge("rappit_outbox_oldest_seconds") > 0)

    await backlog.stop()
    await running
