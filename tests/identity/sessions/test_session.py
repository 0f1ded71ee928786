"""What a refresh token that comes back means."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from identity.sessions.session import ABSOLUTE_LIFE, GRACE, SLIDING_LIFE, Session, Verdict, judge

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def session(*, generation: int = 3, ended: bool = False, is_of_epoch: bool = True, rotated: datetime = NOW) -> Session:
    return Session(
        id=UUID(int=1),
        user_id=UUID(int=2),
        epoch=1,
        is_of_epoch=is_of_epoch,
        generation=generation,
        create_time=NOW,
        rotate_time=rotated,
        expire_time=rotated + SLIDING_LIFE,
        absolute_expire_time=NOW + ABSOLUTE_LIFE,
        end_time=NOW if ended else None,
        sealed_token=None if ended or generation == 1 else b"sealed",
        device="",
        address="",
    )


def test_the_live_token_is_rotated() -> None:
    assert judge(session(), 3, NOW) is Verdict.ROTATE


def test_the_token_before_gets_the_same_successor_within_the_grace_and_is_a_theft_after_it() -> None:
    assert judge(session(), 2, NOW + GRACE) is Verdict.SAME_SUCCESSOR
    assert judge(session(), 2, NOW + GRACE + MOMENT) is Verdict.REUSED


def test_a_clock_that_was_ahead_makes_the_grace_no_longer() -> None:
    """Trap 38. Clocks of replicas that differ a little take nothing from it."""
    assert judge(session(), 2, NOW - GRACE) is Verdict.SAME_SUCCESSOR
    assert judge(session(), 2, NOW - GRACE - MOMENT) is Verdict.REUSED


def test_the_grace_revives_no_older_token() -> None:
    assert judge(session(), 1, NOW) is Verdict.REUSED


def test_an_ended_session_gives_no_grace() -> None:
    for over in (session(ended=True), session(is_of_epoch=False)):
        assert {judge(over, generation, NOW) for generation in (1, 2, 3)} == {Verdict.INVALID}


def test_an_expired_session_gives_nothing() -> None:
    assert judge(session(), 3, NOW + SLIDING_LIFE - MOMENT) is Verdict.ROTATE
    assert judge(session(), 3, NOW + SLIDING_LIFE) is Verdict.INVALID
