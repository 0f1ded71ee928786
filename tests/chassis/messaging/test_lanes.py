"""What waits in a lane is applied in order, once, and nothing is left behind."""

import asyncio
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest

from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.errors import NotYet
from chassis.messaging import inbox, lane_rows
from chassis.messaging.dead_letters import discard
from chassis.messaging.envelope import Message
from chassis.messaging.handlers import NOBODY, Unreadable
from chassis.messaging.lanes import LaneWorker
from tests.given.events import order_event
from tests.given.locks import waits_for
from tests.given.receiver import Receiver, failing_for, nothing_fails
from tests.given.waiting import until


async def test_after_a_fix_the_lane_goes_on_in_order(receiver: Receiver) -> None:
    """Trap 13."""
    receiver.fails = failing_for("bad", ValueError())
    await receiver.take(*(receiver.event("bad", version) for version in range(5)))
    await receiver.work()
    assert await receiver.applied() == []

    receiver.fails = nothing_fails
    await receiver.due_now()
    await receiver.work()

    assert await receiver.applied() == [("bad", version) for version in range(5)]
    assert await receiver.open_lanes() == set()
    assert set((await receiver.rows()).values()) == {"DONE"}


async def test_lanes_that_never_failed_are_applied_together(receiver: Receiver) -> None:
    await receiver.queue(*(receiver.event(f"order {n}", version) for version in range(3) for n in range(4)))

    await receiver.work()

    assert len(receiver.batches) == 1
    assert sorted(await receiver.applied()) == [(f"order {n}", version) for n in range(4) for version in range(3)]


async def test_one_that_fails_among_them_stops_its_own_lane_alone(receiver: Receiver) -> None:
    receiver.fails = failing_for("bad", ValueError())
    await receiver.queue(*(receiver.event(order, version) for version in range(2) for order in ("a", "bad", "b")))

    await receiver.work()

    assert sorted(await receiver.applied()) == [("a", 0), ("a", 1), ("b", 0), ("b", 1)]
    assert await receiver.states("bad") == ["RETRYING", "WAITING"]
    assert await receiver.open_lanes() == {"bad"}


async def test_a_head_that_keeps_failing_rests_longer_and_is_parked(
    another: Callable[..., Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.messaging.tries._FIRST_PAUSE", 40.0)
    receiver = another(tries=4)
    receiver.fails = failing_for("bad", ValueError())
    await receiver.take(receiver.event("bad", 1), receiver.event("bad", 2))
    pauses = []
    for _ in range(3):
        (lane,) = await receiver.execute("SELECT next_try_time - now() AS pause FROM lanes WHERE consumer = %s")
        pauses.append(lane.pause.total_seconds())
        await receiver.work()  # not due: nothing happens
        await receiver.due_now()
        await receiver.work()

    assert await receiver.states("bad") == ["PARKED", "WAITING"]
    assert [20 < pauses[0] <= 40, 40 < pauses[1] <= 80, 80 < pauses[2] <= 160] == [True] * 3
    await receiver.due_now()
    await receiver.work()
    assert len(receiver.batches) == 1 + 1 + 3  # both, the first alone, and three more tries of it


async def test_one_that_cannot_be_applied_yet_is_tried_without_limit(another: Callable[..., Receiver]) -> None:
    receiver = another(tries=2)
    receiver.fails = failing_for("early", NotYet("unknown organisation"))
    await receiver.take(receiver.event("early"))
    for _ in range(5):
        await receiver.due_now()
        await receiver.work()
    assert await receiver.states("early") == ["RETRYING"]

    receiver.fails = nothing_fails
    await receiver.due_now()
    await receiver.work()

    assert await receiver.applied() == [("early", 1)]


async def test_no_lock_is_held_while_a_lane_rests(receiver: Receiver) -> None:
    receiver.fails = failing_for("bad", ValueError())
    await receiver.take(receiver.event("bad", 1))

    async with receiver.database.transaction(receiver.organization) as tx:
        await tx.execute("SET LOCAL lock_timeout = '1ms'")
        assert await lane_rows.lock(tx, receiver.name, "bad")


async def test_a_lane_that_somebody_works_on_is_passed_over(receiver: Receiver) -> None:
    await receiver.queue(receiver.event("taken"), receiver.event("free"))
    async with receiver.database.transaction(receiver.organization) as tx:
        await lane_rows.lock(tx, receiver.name, "taken")

        await receiver.lanes.work_for(receiver.organization)

        assert await receiver.applied() == [("free", 1)]


async def test_a_message_committed_while_its_lane_is_taken_away_is_not_left_behind(receiver: Receiver) -> None:
    """(m) With delete and check in one statement a row was stranded: it saw what was there before it waited."""
    receiver.fails = failing_for("a", Unreadable())
    bad = receiver.event("a", 1)
    await receiver.take(bad)
    async with receiver.database.transaction(receiver.organization) as tx:
        await inbox.wait(tx, receiver.name, [receiver.event("a", 2)])
        discarding = asyncio.create_task(
            discard(receiver.database, receiver.name, receiver.organization, bad.id, who="user:5", why="torn")
        )
        await waits_for(receiver.database, tx.info.backend_pid)

    await discarding
    receiver.fails = nothing_fails
    await receiver.work()
    assert await receiver.applied() == [("a", 2)]


async def test_in_a_storm_of_writers_and_workers_nothing_is_lost_doubled_or_out_of_order(receiver: Receiver) -> None:
    """Trap 13, and the race of the lane that goes away: no row that is not done is without its lane."""
    orders = ["a", "b", "c"]
    sent: dict[str, int] = dict.fromkeys(orders, 0)
    over = asyncio.Event()

    def sometimes(message: Message[Any], _tx: Transaction) -> None:
        if random.random() < 0.05:
            raise ValueError

    receiver.fails = sometimes

    async def write(order: str) -> None:
        for version in range(60):
            sent[order] = version
            take = receiver.take if version % 3 else receiver.queue
            await take(receiver.event(order, version))

    async def work() -> None:
        while not over.is_set():
            await receiver.lanes.work_for(receiver.organization)
            await receiver.due_now()

    workers = [asyncio.create_task(work()) for _ in range(3)]
    await asyncio.gather(*(write(order) for order in orders))
    over.set()
    await asyncio.gather(*workers)
    receiver.fails = nothing_fails
    await receiver.due_now()
    await receiver.work()

    assert set((await receiver.rows()).values()) == {"DONE"}
    assert await receiver.open_lanes() == set()
    applied = await receiver.applied()
    assert {order: [v for each, v in applied if each == order] for order in orders} == {
        order: list(range(60)) for order in orders
    }


@pytest.mark.parametrize("error", [psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable])
async def test_a_head_that_times_out_three_times_alone_is_at_fault_itself(
    error: type[psycopg.Error], receiver: Receiver
) -> None:
    receiver.fails = failing_for("slow", error())
    await receiver.queue(receiver.event("slow"), receiver.event("a"))

    for _ in range(2):
        with pytest.raises(error):
            await receiver.lanes.work_for(receiver.organization)
    assert await receiver.states("slow") == ["WAITING"]
    await receiver.lanes.work_for(receiver.organization)

    (row,) = await receiver.execute("SELECT state, tries FROM inbox WHERE consumer = %s AND aggregate_id = 'slow'")
    assert (row.state, row.tries) == ("RETRYING", 1)
    await receiver.work()
    assert await receiver.applied() == [("a", 1)]


async def test_organizations_take_turns(another: Callable[..., Receiver], database: Database) -> None:
    """A flood of one organisation holds up nobody else's lane."""
    flooded = another()
    small = [another(name=flooded.name) for _ in range(3)]
    for each in small:
        each.lanes = flooded.lanes
    await flooded.queue(*(flooded.event(f"order {n}") for n in range(300)))
    for each in small:
        await each.queue(each.event("only"))
        each.consumer.intake.handlers = flooded.consumer.intake.handlers

    await flooded.lanes.work()

    for each in small:
        assert await each.applied() == [("only", 1)]
    assert 0 < len(await flooded.applied()) < 300


async def test_what_was_accepted_by_rpc_is_applied_by_a_worker_at_once(receiver: Receiver) -> None:
    """A delivery that Kafka did not take; the worker is woken by the commit."""
    worker = LaneWorker(receiver.database, [receiver.consumer])
    running = asyncio.create_task(worker.run())
    event = order_event(receiver.organization, "a")
    for _ in range(2):
        async with receiver.database.transaction(receiver.organization) as tx:
            await inbox.accept(tx, receiver.name, event)

    await until(lambda: receiver.batches)
    await worker.stop()
    await running

    assert await receiver.applied() == [("a", 1)]


async def test_accepting_what_was_done_already_changes_nothing(receiver: Receiver) -> None:
    event = receiver.event("a")
    await receiver.take(event)
    assert event.event is not None
    async with receiver.database.transaction(receiver.organization) as tx:
        await inbox.accept(tx, receiver.name, event.event)

    await receiver.work()

    assert await receiver.applied() == [("a", 1)]
    assert await receiver.open_lanes() == set()


async def test_an_event_of_another_organization_is_not_accepted(receiver: Receiver) -> None:
    async with receiver.database.transaction(UUID(int=7)) as tx:
        with pytest.raises(ValueError, match="organisation"):
            await inbox.accept(tx, receiver.name, order_event(receiver.organization, "a"))


async def test_a_worker_goes_on_when_its_database_was_away(receiver: Receiver) -> None:
    failures = iter([psycopg.errors.AdminShutdown()] * 2)

    def fails(message: Message[Any], _tx: Transaction) -> None:
        for failure in failures:
            raise failure

    receiver.fails = fails
    worker = LaneWorker(receiver.database, [receiver.consumer])
    running = asyncio.create_task(worker.run())
    await receiver.queue(receiver.event("a"))

    await until(lambda: len(receiver.batches) == 3)
    await worker.stop()
    await running
    assert await receiver.applied() == [("a", 1)]


async def test_a_message_that_says_nothing_of_whose_it_is_is_parked_for_nobody(receiver: Receiver) -> None:
    receiver.organization = NOBODY
    torn = receiver.consumer.intake.handlers.read(
        "rappit.orders.v1.OrderEvent", b"\xff\xff", b"k\x00", f"{receiver.name}/0/0"
    )

    await receiver.take(torn)
    await receiver.work()

    assert torn.organization == NOBODY
    assert await receiver.states("k\ufffd") == ["PARKED"]
