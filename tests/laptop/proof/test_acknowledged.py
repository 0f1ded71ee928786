"""What stores were answered, against what orders has."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from laptop.proof import acknowledged as module
from laptop.proof.acknowledged import MOST_OVERDUE, MOST_UNDER_WAY, TRIES, UNDER_WAY, Acknowledged, Asked, Key

SENT = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)
LATER = SENT + UNDER_WAY + timedelta(seconds=1)


def sent(order: str = "#1001", **more: Any) -> dict[str, Any]:
    """A line of the simulator's log."""
    said = {"shop": "riyadh.myshopify.com", "order": order, "topic": "orders/create", "sha256": "5e", "status": 200}
    return {"event": "delivery sent", "time": SENT.isoformat(), **said, **more}


def heard(*events: dict[str, Any]) -> Acknowledged:
    acknowledged = Acknowledged()
    for event in events:
        acknowledged.hear(event)
    return acknowledged


def look(acknowledged: Acknowledged, now: datetime, *there: str) -> list[Asked]:
    """Orders is asked, and has these orders."""
    asked = acknowledged.to_ask(now)
    acknowledged.answer(asked, {each.key for each in asked if each.key.order in there})
    return list(asked)


def test_only_what_was_answered_2xx_and_came_from_the_store_was_acknowledged() -> None:
    refused = [sent(status=status) for status in (199, 302, 401, 503, "timeout", "no connection")]
    other = [sent(fault="forged"), sent() | {"event": "delivery given up"}, {"event": "rpc answered"}]
    assert heard(*refused, *other).undecided == 0
    assert heard(sent(), sent(topic="orders/paid"), sent("#1002", status=202)).undecided == 3


def test_two_changes_of_an_order_are_two_deliveries_of_one_topic() -> None:
    """WooCommerce says of each change that the order was updated."""
    acknowledged = heard(sent())
    look(acknowledged, SENT, "#1001")
    acknowledged.hear(sent(sha256="c4"))
    assert (acknowledged.decided, acknowledged.undecided) == (1, 1)


def test_a_repeat_is_the_same_delivery_before_and_after_it_was_found() -> None:
    acknowledged = heard(sent(), sent(fault="repeat"))
    look(acknowledged, SENT, "#1001")
    acknowledged.hear(sent(fault="repeat"))
    assert (acknowledged.decided, acknowledged.undecided) == (1, 0)


def test_one_that_is_under_way_is_not_missing_and_one_that_never_came_is() -> None:
    acknowledged = heard(sent("#1001"), sent("#1002"))
    assert [(asked.since, asked.time) for asked in look(acknowledged, SENT, "#1001")] == [(SENT - TRIES, SENT)] * 2
    look(acknowledged, SENT + UNDER_WAY, "#1001")
    assert (acknowledged.missing, acknowledged.decided, acknowledged.undecided) == (0, 1, 1)
    look(acknowledged, LATER, "#1001")
    assert (acknowledged.missing, acknowledged.decided, acknowledged.undecided) == (1, 2, 0)


def test_what_was_not_looked_for_is_not_counted_as_there() -> None:
    """A hundred times as fast more is sent between two looks than one of them asks for."""
    orders = [f"#{number}" for number in range(MOST_UNDER_WAY + 200)]
    acknowledged = heard(*map(sent, orders))
    assert acknowledged.decided == 0
    look(acknowledged, SENT, *orders)
    assert (acknowledged.decided, acknowledged.undecided) == (MOST_UNDER_WAY, 200)
    look(acknowledged, SENT, *orders)
    assert (acknowledged.decided, acknowledged.undecided) == (MOST_UNDER_WAY + 200, 0)


def test_nothing_is_missing_before_it_was_looked_for_everywhere() -> None:
    """Who begins to look long after the deliveries says nothing wrong."""
    orders = [f"#{number}" for number in range(3 * MOST_OVERDUE)]
    acknowledged = heard(*map(sent, orders))
    for _ in range(3):
        asked = look(acknowledged, LATER, *orders)
        assert len([each for each in asked if each.since < SENT - TRIES]) >= MOST_OVERDUE
        assert acknowledged.missing == 0
    assert (acknowledged.decided, acknowledged.undecided) == (3 * MOST_OVERDUE, 0)


def test_one_that_comes_in_the_end_is_missing_no_more() -> None:
    acknowledged = heard(sent())
    look(acknowledged, LATER)
    assert acknowledged.missing == 1
    look(acknowledged, LATER, "#1001")
    assert acknowledged.missing == 0


def test_one_that_was_there_and_is_gone_is_missing() -> None:
    acknowledged = heard(sent())
    look(acknowledged, SENT, "#1001")
    look(acknowledged, LATER)
    look(acknowledged, LATER)
    assert acknowledged.missing == 1


def test_a_look_stays_small_and_each_has_its_turn() -> None:
    acknowledged = heard(*(sent(f"#{number}") for number in range(1_000)))
    everyone = [f"#{number}" for number in range(1_000)]
    look(acknowledged, SENT, *everyone)
    looked: set[Key] = set()
    for _ in range(10):
        asked = look(acknowledged, LATER, *everyone)
        assert len(asked) == 100
        looked |= {each.key for each in asked}
    assert len(looked) == 1_000


def test_over_days_it_does_not_grow_and_still_counts_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FOUND", 10)
    acknowledged = heard(*(sent(f"#{number}") for number in range(1_000)))
    everyone = [f"#{number}" for number in range(1_000)]
    look(acknowledged, SENT, *everyone)
    assert (len(look(acknowledged, LATER, *everyone)), acknowledged.decided) == (10, 1_000)
