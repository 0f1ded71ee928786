"""What stores were answered, against what orders has."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from laptop.proof import acknowledged as module
from laptop.proof.acknowledged import MOST_OVERDUE, TRIES, UNDER_WAY, Acknowledged, Asked, Key

SENT = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)
LATER = SENT + UNDER_WAY + timedelta(seconds=1)


def sent(order: str = "#1001", **more: Any) -> dict[str, Any]:
    """A line of the simulator's log."""
    said = {"shop": "riyadh.myshopify.com", "order": order, "topic": "orders/create", "status": 200}
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
    assert len(heard(*refused, *other)) == 0
    assert len(heard(sent(), sent(topic="orders/paid"), sent("#1002", status=202))) == 3


def test_a_repeat_is_the_same_delivery_before_and_after_it_was_found() -> None:
    acknowledged = heard(sent(), sent(fault="repeat"))
    look(acknowledged, SENT, "#1001")
    acknowledged.hear(sent(fault="repeat"))
    assert len(acknowledged) == 1


def test_one_that_is_under_way_is_not_missing_and_one_that_never_came_is() -> None:
    acknowledged = heard(sent("#1001"), sent("#1002"))
    assert [(asked.since, asked.time) for asked in look(acknowledged, SENT, "#1001")] == [(SENT - TRIES, SENT)] * 2
    look(acknowledged, SENT + UNDER_WAY, "#1001")
    assert acknowledged.missing == 0
    look(acknowledged, LATER, "#1001")
    assert (acknowledged.missing, len(acknowledged)) == (1, 2)


def test_nothing_is_missing_before_it_was_looked_for_everywhere() -> None:
    """Who begins to look long after the deliveries says nothing wrong."""
    orders = [f"#{number}" for number in range(3 * MOST_OVERDUE)]
    acknowledged = heard(*map(sent, orders))
    for _ in range(3):
        asked = look(acknowledged, LATER, *orders)
        assert len([each for each in asked if each.since < SENT - TRIES]) >= MOST_OVERDUE
        assert acknowledged.missing == 0
    acknowledged.hear(sent(fault="repeat"))
    assert len(acknowledged) == 3 * MOST_OVERDUE + 1


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
    assert (len(look(acknowledged, LATER, *everyone)), len(acknowledged)) == (10, 1_000)
