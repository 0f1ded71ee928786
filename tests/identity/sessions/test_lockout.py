"""How long failures lock an address."""

from datetime import UTC, datetime, timedelta

import pytest

from identity.sessions.lockout import FORGET_AFTER, FREE_FAILURES, LONGEST_LOCK, Failures, after_failure

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def fail(times: int, *, at: datetime = NOW) -> Failures:
    failures = Failures(0, at, None)
    for _ in range(times):
        failures = after_failure(failures, at)
    return failures


def test_the_first_failures_lock_nothing() -> None:
    assert fail(FREE_FAILURES - 1).lock_left(NOW) is None


@pytest.mark.parametrize(("failures", "minutes"), [(5, 1), (6, 2), (7, 4), (10, 32), (11, 60), (12, 60), (1000, 60)])
def test_each_further_failure_locks_for_twice_as_long_up_to_an_hour(failures: int, minutes: int) -> None:
    assert fail(failures).lock_left(NOW) == timedelta(minutes=minutes)


def test_a_lock_ends_at_its_time() -> None:
    failures = fail(FREE_FAILURES)

    assert failures.lock_left(NOW + timedelta(seconds=59)) == timedelta(seconds=1)
    assert failures.lock_left(NOW + timedelta(seconds=60)) is None


def test_a_lock_set_by_a_clock_that_was_ahead_locks_nobody_out() -> None:
    """Trap 38. The failures still count: the next one locks again, by the right clock."""
    failures = fail(FREE_FAILURES, at=NOW + timedelta(days=400))

    assert failures.lock_left(NOW) is None
    assert after_failure(failures, NOW).lock_left(NOW) == timedelta(minutes=2)
    assert fail(20, at=NOW).lock_left(NOW) == LONGEST_LOCK


def test_a_lock_set_a_moment_ahead_of_our_clock_holds() -> None:
    """Replicas' clocks differ: one that is 50 ms ahead of ours locked for the longest time."""
    moment = timedelta(milliseconds=50)

    assert fail(20, at=NOW + moment).lock_left(NOW) == LONGEST_LOCK + moment
    assert fail(20, at=NOW + timedelta(minutes=2)).lock_left(NOW) is None


def test_failures_of_yesterday_do_not_count() -> None:
    assert after_failure(fail(9), NOW + FORGET_AFTER) == Failures(1, NOW + FORGET_AFTER, None)
