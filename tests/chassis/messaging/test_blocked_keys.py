"""A row that is not taken holds up its key, and nothing else."""

import pytest

from chassis.messaging.blocked_keys import BlockedKeys

A, B = ("topic", "a"), ("topic", "b")


@pytest.fixture
def blocked() -> BlockedKeys:
    return BlockedKeys()


def test_a_refused_key_is_tried_alone_and_rests_longer_each_time(blocked: BlockedKeys) -> None:
    rests = []
    now = 0.0
    for tries in range(1, 10):
        assert blocked.failed(A, now, refused=True, away=False) == tries
        until = next(at for at in (now + step / 4 for step in range(200)) if blocked.due_alone(at, 9))
        rests.append(until - now)
        now = until

    assert rests == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30]
    assert blocked.excluded(now) == [A]
    assert B not in blocked


def test_a_key_that_was_not_answered_for_is_soon_sent_with_the_others_again(blocked: BlockedKeys) -> None:
    blocked.failed(A, 0.0, refused=False, away=False)

    assert blocked.excluded(0.1) == [A]
    assert blocked.excluded(0.3) == []
    assert blocked.due_alone(0.3, 9) == []


def test_one_that_fails_among_others_again_and_again_is_tried_alone(blocked: BlockedKeys) -> None:
    for now in range(4):
        blocked.failed(A, now, refused=False, away=False)

    assert blocked.excluded(100.0) == [A]
    assert blocked.due_alone(100.0, 9) == [A]


def test_while_kafka_is_away_no_row_is_to_blame(blocked: BlockedKeys) -> None:
    for now in range(100):
        blocked.failed(A, now, refused=False, away=True)
    blocked.failed(B, 0.0, refused=True, away=False)

    assert blocked.excluded(99.5) == [A, B]
    blocked.relieve()
    assert blocked.excluded(99.5) == [B]


def test_those_that_waited_longest_are_tried_first_and_so_many_at_once(blocked: BlockedKeys) -> None:
    for n in range(5):
        blocked.failed(("topic", str(n)), 5.0 - n, refused=True, away=False)

    assert blocked.due_alone(9.0, 2) == [("topic", "4"), ("topic", "3")]


def test_a_key_is_free_when_its_row_is_out_or_gone(blocked: BlockedKeys) -> None:
    blocked.failed(A, 0.0, refused=True, away=False)
    blocked.failed(B, 0.0, refused=False, away=False)

    blocked.out(A)
    blocked.forget_absent([B], 9.0)
    assert (A in blocked, B in blocked) == (False, True)
    blocked.forget_absent([], 0.1)
    assert B in blocked
    blocked.forget_absent([], 9.0)
    assert len(blocked) == 0
