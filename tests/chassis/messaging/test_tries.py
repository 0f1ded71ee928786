"""When a message is tried again, and when not."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.errors import NotYet
from chassis.messaging.handlers import Unreadable
from chassis.messaging.tries import Timeouts, verdict

NOW = timedelta()


def test_each_failure_rests_about_twice_as_long_up_to_five_minutes() -> None:
    pauses = [verdict(ValueError(), tries, NOW, most=100).pause.total_seconds() for tries in range(12)]

    assert all(0.75 * 2**n <= pause <= 2**n for n, pause in enumerate(pauses[:9]))
    assert all(225 <= pause <= 300 for pause in pauses[9:])


def test_the_last_try_parks() -> None:
    states = [verdict(ValueError(), tries, NOW, most=3).state for tries in range(3)]

    assert states == ["RETRYING", "RETRYING", "PARKED"]


def test_what_cannot_be_read_is_parked_at_once() -> None:
    assert verdict(Unreadable(), 0, NOW).state == "PARKED"


@pytest.mark.parametrize(("age", "pause"), [(0, 1), (3, 1), (40, 10), (120, 30), (86_400, 30)])
def test_what_cannot_be_applied_yet_costs_no_try_and_is_asked_again_soon(age: int, pause: int) -> None:
    found = verdict(NotYet(), 9, timedelta(seconds=age), most=2)

    assert (found.state, found.tries, found.pause) == ("RETRYING", 9, timedelta(seconds=pause))


def test_what_somebody_will_wake_rests_as_long_as_it_says() -> None:
    """Trap 49."""
    found = verdict(NotYet(rest=timedelta(minutes=2)), 0, timedelta())

    assert (found.state, found.tries, found.pause) == ("RETRYING", 0, timedelta(minutes=2))


def test_the_third_timeout_alone_is_the_messages_fault_and_the_count_begins_again() -> None:
    timeouts, one, other = Timeouts(), uuid4(), uuid4()

    assert [timeouts.own_fault(one) for _ in range(4)] == [False, False, True, False]
    assert not timeouts.own_fault(other)
    timeouts.over(other)
    assert [timeouts.own_fault(other) for _ in range(2)] == [False, False]
