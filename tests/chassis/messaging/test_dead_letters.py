"""What an operator can do with a dead letter: see it, try it without consequences, replay it, discard it."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from chassis.database.transaction import Transaction
from chassis.messaging import dead_letters, outbox
from chassis.messaging.dead_letters import (
    DeadLetterId,
    NotParked,
    Outcome,
    discard,
    parked,
    replay,
    replay_in,
    with_each,
)
from chassis.messaging.envelope import Message
from chassis.messaging.handlers import Unreadable
from chassis.messaging.inbox import Received
from tests.given.events import order_event
from tests.given.receiver import Receiver, failing_for, nothing_fails


@pytest.fixture
async def letter(receiver: Receiver) -> Received:
    """A dead letter of the order "bad", and two messages behind it."""
    receiver.fails = failing_for("bad", Unreadable("no JSON"))
    events = [receiver.event("bad", version) for version in (1, 2, 3)]
    await receiver.take(*events)
    await receiver.work()
    return events[0]


async def test_it_is_listed_with_its_reason_and_what_waits_behind_it(receiver: Receiver, letter: Received) -> None:
    (found,) = await parked(receiver.database, receiver.organization)

    assert (found.consumer, found.event_id, found.aggregate_id) == (receiver.name, letter.id, "bad")
    assert (found.failure, found.tries, found.behind, found.type) == ("no JSON", 1, 2, "rappit.orders.v1.OrderEvent")
    assert await parked(receiver.database, receiver.organization, after=found.position) == []
    assert await parked(receiver.database, receiver.organization, consumer="another") == []
    assert await parked(receiver.database, uuid4()) == []


async def test_a_failure_names_the_place_and_repeats_no_word_of_the_message(another: Callable[..., Receiver]) -> None:
    """Trap 7: what a handler raised may quote what a person or a store wrote."""
    receiver = another(tries=1)
    receiver.fails = failing_for("bad", ValueError("secret shpat_123 of Mr Smith"))
    await receiver.take(receiver.event("bad"))

    (found,) = await parked(receiver.database, receiver.organization)

    assert found.failure.startswith("ValueError in fails, tests/given/receiver.py:")
    assert "shpat" not in found.failure


async def test_its_lane_stays_stopped_until_it_is_replayed(receiver: Receiver, letter: Received) -> None:
    receiver.fails = nothing_fails
    await receiver.due_now()
    await receiver.work()
    assert await receiver.applied() == []

    outcome = await replay(receiver.database, receiver.consumer, receiver.organization, letter.id)

    assert outcome.applied
    await receiver.work()
    assert await receiver.applied() == [("bad", version) for version in (1, 2, 3)]
    assert await receiver.open_lanes() == set()


async def test_a_dry_run_tells_what_would_be_and_leaves_nothing(receiver: Receiver, letter: Received) -> None:
    outcome = await replay(receiver.database, receiver.consumer, receiver.organization, letter.id, dry_run=True)
    assert (outcome.applied, outcome.failure) == (False, "no JSON")

    async def publish(message: Message[Any], tx: Transaction) -> None:
        await outbox.write(tx, [order_event(receiver.organization, "out")])

    receiver.fails = publish
    outcome = await replay(receiver.database, receiver.consumer, receiver.organization, letter.id, dry_run=True)

    assert outcome.applied
    assert outcome.events == (("order_changed", "out"),)
    assert await receiver.applied() == []
    assert await receiver.states("bad") == ["PARKED", "WAITING", "WAITING"]
    (found,) = await parked(receiver.database, receiver.organization)
    assert found.tries == 1


async def test_a_replay_that_fails_leaves_it_parked_with_the_new_reason(receiver: Receiver, letter: Received) -> None:
    receiver.fails = failing_for("bad", Unreadable("still no JSON"))

    outcome = await replay(receiver.database, receiver.consumer, receiver.organization, letter.id)

    assert outcome.failure == "still no JSON"
    await receiver.work()
    (found,) = await parked(receiver.database, receiver.organization)
    assert (found.failure, found.tries, found.behind) == ("still no JSON", 2, 2)


async def test_many_at_once_stop_in_time_and_go_on_with_those_that_were_tried_least(
    receiver: Receiver, letter: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letters, "ENOUGH_SECONDS", 0.0)
    receiver.fails = failing_for("late", Unreadable("no JSON"))
    await receiver.take(late := receiver.event("late"))
    receiver.fails = failing_for("bad", Unreadable("still no JSON"))
    outcomes = []
    for _ in range(2):
        async with receiver.database.transaction(receiver.organization) as tx:

            async def act(which: DeadLetterId, tx: Transaction = tx) -> Outcome:
                return Outcome(which, (await replay_in(tx, receiver.consumer, which.event_id)).applied)

            outcomes += await with_each(tx, receiver.name, act)

    assert [(each.id.event_id, each.done) for each in outcomes] == [(letter.id, False), (late.id, True)]


async def test_discarded_it_lets_the_rest_go_on_and_who_and_why_are_kept(receiver: Receiver, letter: Received) -> None:
    receiver.fails = nothing_fails
    await discard(receiver.database, receiver.name, receiver.organization, letter.id, who="user:5", why="a test order")

    await receiver.work()

    assert await receiver.applied() == [("bad", 2), ("bad", 3)]
    (row,) = await receiver.execute(
        "SELECT event_id, discarded_by, discard_reason FROM inbox WHERE consumer = %s AND discarded_by <> ''"
    )
    assert row == (letter.id, "user:5", "a test order")


async def test_a_discard_needs_who_and_why(receiver: Receiver, letter: Received) -> None:
    with pytest.raises(ValueError, match="who decided"):
        await discard(receiver.database, receiver.name, receiver.organization, letter.id, who="user:5", why="")


async def test_what_is_not_parked_or_is_another_organizations_is_left_alone(
    receiver: Receiver, letter: Received, another: Callable[..., Receiver]
) -> None:
    stranger = another(name=receiver.name)
    for organization, event in ((stranger.organization, letter.id), (receiver.organization, uuid4())):
        with pytest.raises(NotParked):
            await replay(receiver.database, receiver.consumer, organization, event)
        with pytest.raises(NotParked):
            await discard(receiver.database, receiver.name, organization, event, who="user:5", why="x")
    assert await receiver.states("bad") == ["PARKED", "WAITING", "WAITING"]
