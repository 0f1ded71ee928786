"""Messages are applied once, in order, with their inbox rows; one that fails stops its lane and no other."""

import asyncio
from typing import Any

import psycopg
import pytest

from chassis.database.transaction import Transaction
from chassis.errors import NotYet
from chassis.messaging.envelope import Message
from chassis.messaging.handlers import Unreadable
from tests.given.events import as_received, unknown_event
from tests.given.receiver import Receiver, failing_for, nothing_fails


async def test_a_batch_is_one_transaction_and_in_order(receiver: Receiver) -> None:
    await receiver.take(receiver.event("a", 1), receiver.event("b", 1), receiver.event("a", 2))

    assert await receiver.applied() == [("a", 1), ("b", 1), ("a", 2)]
    assert len(receiver.batches) == 1
    assert set((await receiver.rows()).values()) == {"DONE"}


async def test_a_message_that_comes_again_is_not_applied_again(receiver: Receiver) -> None:
    first, second = receiver.event("a", 1), receiver.event("a", 2)
    await receiver.take(first, second, first)

    await receiver.take(first, second)

    assert await receiver.applied() == [("a", 1), ("a", 2)]


async def test_two_members_of_a_group_with_the_same_message_apply_it_once(receiver: Receiver) -> None:
    """Trap 46: a consumer that was paused and wakes with an old batch. The inbox row's key fences it."""
    events = [receiver.event(f"order {n}") for n in range(20)]

    await asyncio.gather(
        receiver.take(*events), receiver.take(*reversed(events)), *(receiver.take(event) for event in events)
    )

    assert sorted(await receiver.applied()) == sorted((event.aggregate_id, 1) for event in events)


async def test_one_that_fails_stops_its_lane_and_no_other(receiver: Receiver) -> None:
    """Trap 13."""
    receiver.fails = failing_for("bad", ValueError())

    await receiver.take(
        receiver.event("a"),
        receiver.event("bad", 1),
        receiver.event("b"),
        receiver.event("bad", 2),
        receiver.event("a", 2),
    )

    assert await receiver.applied() == [("a", 1), ("b", 1), ("a", 2)]
    assert await receiver.states("bad") == ["RETRYING", "WAITING"]
    assert await receiver.open_lanes() == {"bad"}


async def test_what_comes_later_queues_behind_it(receiver: Receiver) -> None:
    """While a lane's row exists its later messages are written WAITING, though they would apply."""
    receiver.fails = failing_for("bad", ValueError())
    await receiver.take(receiver.event("bad", 1))
    receiver.fails = nothing_fails

    await receiver.take(receiver.event("good"), receiver.event("bad", 2))
    await receiver.take(receiver.event("bad", 3))

    assert await receiver.applied() == [("good", 1)]
    assert await receiver.states("bad") == ["RETRYING", "WAITING", "WAITING"]


async def test_the_effect_of_one_that_fails_is_rolled_back_with_its_row(receiver: Receiver) -> None:
    async def fail_late(message: Message[Any], tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO lanes (organization_id, consumer, aggregate_id) VALUES (%s, 'x', %s)",
            (tx.organization, receiver.name),
        )
        raise ValueError

    receiver.fails = fail_late
    await receiver.take(receiver.event("bad"))

    async with receiver.database.transaction(receiver.organization) as tx:
        assert not (await tx.execute("SELECT FROM lanes WHERE consumer = 'x'")).rowcount


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.SerializationFailure(),
        psycopg.errors.DeadlockDetected(),
        psycopg.errors.TooManyConnections(),
        psycopg.errors.AdminShutdown(),
        psycopg.errors.ConnectionFailure(),
        psycopg.OperationalError("the connection is lost"),
    ],
)
async def test_what_is_nobodys_fault_is_repeated_until_it_passes(error: psycopg.Error, receiver: Receiver) -> None:
    failures = iter([error] * 4)

    def fails(message: Message[Any], tx: Transaction) -> None:
        for failure in failures:
            raise failure

    receiver.fails = fails
    await receiver.take(receiver.event("a"), receiver.event("b"))

    assert await receiver.applied() == [("a", 1), ("b", 1)]
    assert await receiver.open_lanes() == set()


@pytest.mark.parametrize(
    "error",
    [
        psycopg.errors.QueryCanceled,
        psycopg.errors.LockNotAvailable,
        psycopg.errors.IdleInTransactionSessionTimeout,
    ],
)
async def test_a_message_that_times_out_three_times_alone_is_at_fault_itself(
    error: type[psycopg.Error], receiver: Receiver
) -> None:
    receiver.fails = failing_for("slow", error())

    await receiver.take(receiver.event("a"), receiver.event("slow"), receiver.event("b"))

    assert await receiver.applied() == [("a", 1), ("b", 1)]
    assert await receiver.states("slow") == ["RETRYING"]
    assert receiver.batches.count([("slow", 1)]) == 3


async def test_a_transaction_that_the_server_ended_does_not_stop_the_others(receiver: Receiver) -> None:
    async def wait_for_the_end(message: Message[Any], tx: Transaction) -> None:
        if message.aggregate_id == "slow":
            await tx.execute("SET LOCAL statement_timeout = '20ms'")
            await tx.execute("SELECT pg_sleep(5)")

    receiver.fails = wait_for_the_end
    await receiver.take(receiver.event("a"), receiver.event("slow"), receiver.event("b"))

    assert await receiver.applied() == [("a", 1), ("b", 1)]
    assert await receiver.states("slow") == ["RETRYING"]


async def test_one_that_cannot_be_applied_yet_is_retrying(receiver: Receiver) -> None:
    receiver.fails = failing_for("early", NotYet("the organisation is not known yet"))

    await receiver.take(receiver.event("early"), receiver.event("a"))

    assert await receiver.states("early") == ["RETRYING"]
    (row,) = await receiver.execute("SELECT tries, failure FROM inbox WHERE consumer = %s AND state <> 'DONE'")
    assert (row.tries, row.failure) == (0, "the organisation is not known yet")


async def test_one_that_is_unreadable_is_parked_at_once(receiver: Receiver) -> None:
    receiver.fails = failing_for("torn", Unreadable("no JSON"))

    await receiver.take(receiver.event("torn"))

    assert await receiver.states("torn") == ["PARKED"]


async def test_an_unknown_payload_is_passed_over_only_where_it_may_be(receiver: Receiver) -> None:
    """A producer that was deployed before its consumer."""
    may, must = (
        unknown_event(receiver.organization, "may", may_ignore=True),
        unknown_event(receiver.organization, "must"),
    )

    await receiver.take(*as_received(may, must))

    assert await receiver.applied() == []
    assert await receiver.states("may") == ["DONE"]
    assert await receiver.states("must") == ["RETRYING"]


async def test_what_exceeds_a_share_waits_in_the_inbox(receiver: Receiver) -> None:
    await receiver.queue(receiver.event("a", 1), receiver.event("b", 1), receiver.event("a", 2))
    await receiver.take(receiver.event("a", 3), receiver.event("c"))

    assert await receiver.applied() == [("c", 1)]
    assert await receiver.states("a") == ["WAITING"] * 3


async def test_only_what_is_not_done_keeps_its_message_and_all_keep_their_trace(receiver: Receiver) -> None:
    receiver.fails = failing_for("bad", ValueError())
    await receiver.take(receiver.event("a"), receiver.event("bad"))

    rows = await receiver.execute(
        "SELECT state, message IS NULL AS empty FROM inbox WHERE consumer = %s ORDER BY position"
    )
    assert [(row.state, row.empty) for row in rows] == [("DONE", True), ("RETRYING", False)]
