"""Tokens of a session: when they are refreshed, how often, and who is told."""

import asyncio
from typing import Any

import pytest

from rappit_client import Session
from rappit_client.errors import NotSignedIn, RefreshTokenReused, TokenInvalid, UnavailableForNow
from rappit_client.sign_in_state import SignInState
from tests.clients.scripted import OK, Scripted, problem, session
from tests.given.waiting import until


class Identity:
    """Gives the next session when it is let; `asked` has the refresh tokens that came."""

    def __init__(self, *answers: Session | Exception) -> None:
        self.asked: list[str] = []
        self.kept: list[Session | None] = []
        self.let = asyncio.Event()
        self.let.set()
        self._answers = iter(answers)

    def state(self, first: Session | None) -> SignInState:
        return SignInState(first, self.refresh, self.keep)

    async def refresh(self, refresh_token: str) -> Session:
        self.asked.append(refresh_token)
        await self.let.wait()
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def keep(self, session: Session | None) -> None:
        self.kept.append(session)


def refusal(kind: Any) -> Exception:
    made: Exception = kind("no", status=401, reason="", domain="")
    return made


async def test_a_token_that_lives_is_used() -> None:
    identity = Identity()

    assert await identity.state(session()).token() == "access-first"
    assert identity.asked == []


async def test_a_token_about_to_end_is_refreshed_beside_the_calls() -> None:
    identity = Identity(session("second"))
    state = identity.state(session(minutes=0.5))

    assert await asyncio.gather(*(state.token() for _ in range(20))) == ["access-first"] * 20
    await state.close()

    assert await state.token() == "access-second"
    assert identity.asked == ["refresh-first"]
    assert identity.kept == [state.session]


async def test_calls_wait_for_the_token_after_one_that_ended() -> None:
    identity = Identity(session("second"))
    state = identity.state(session(minutes=-1))

    assert await asyncio.gather(*(state.token() for _ in range(20))) == ["access-second"] * 20
    assert identity.asked == ["refresh-first"]


async def test_a_refresh_that_fails_stops_nobody_while_the_token_lives() -> None:
    identity = Identity(refusal(UnavailableForNow), session("second"))
    state = identity.state(session(minutes=0.5))

    assert await state.token() == "access-first"
    await state.close()
    assert await state.token() == "access-first"
    await state.close()

    assert await state.token() == "access-second"


async def test_a_clock_that_is_ahead_does_not_refresh_at_every_call() -> None:
    ended = session("second", minutes=-20)
    identity = Identity(ended)
    state = identity.state(session(minutes=-20))

    assert [await state.token() for _ in range(5)] == ["access-second"] * 5
    assert identity.asked == ["refresh-first"]


async def test_a_refused_token_that_another_call_has_replaced_is_not_refreshed_again() -> None:
    identity = Identity(session("second"))
    state = identity.state(session())

    assert await state.token_instead_of("access-first") == "access-second"
    assert await state.token_instead_of("access-first") == "access-second"
    assert identity.asked == ["refresh-first"]


async def test_a_call_that_is_cancelled_loses_no_token() -> None:
    identity = Identity(session("second"))
    identity.let.clear()
    state = identity.state(session(minutes=-1))
    call = asyncio.create_task(state.token())
    await until(lambda: identity.asked)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    identity.let.set()

    await state.close()

    assert identity.kept == [state.session]
    assert await state.token() == "access-second"


async def test_a_refresh_that_comes_after_another_sign_in_changes_nothing() -> None:
    identity = Identity(session("second"))
    identity.let.clear()
    state = identity.state(session(minutes=0.5))
    await state.token()
    another = session("another")
    await state.change(another)
    identity.let.set()
    await state.close()

    assert state.session is another
    assert identity.kept == [another]


async def test_the_end_of_a_session_is_told() -> None:
    identity = Identity(refusal(RefreshTokenReused))
    state = identity.state(session(minutes=-1))

    with pytest.raises(NotSignedIn) as failed:
        await state.token()

    assert isinstance(failed.value.__cause__, RefreshTokenReused)
    assert identity.kept == [None]
    with pytest.raises(NotSignedIn):
        await state.token()


async def test_a_session_that_could_not_be_kept_is_told_to_the_loop() -> None:
    async def full(_: Session | None) -> None:
        raise OSError("disk full")

    state = SignInState(session(minutes=0.5), Identity(session("second")).refresh, full)
    told: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: told.append(context))
    try:
        await state.token()
        await state.close()
        await until(lambda: told)
    finally:
        loop.set_exception_handler(None)

    assert [str(context["exception"]) for context in told] == ["disk full"]
    assert await state.token() == "access-second"


async def test_a_call_is_repeated_once_with_a_new_token_and_the_same_key() -> None:
    identity = Identity(session("second"))
    refused = problem(401, "TOKEN_INVALID", "identity.rappit")
    rappit = Scripted(refused, OK, state=identity.state(session()))

    await rappit.identity.sign_out()

    assert [request.headers["authorization"] for request in rappit.sent] == [
        "Bearer access-first",
        "Bearer access-second",
    ]
    assert rappit.keys[0] == rappit.keys[1] != ""


async def test_a_new_token_that_is_refused_too_is_the_end_of_it() -> None:
    identity = Identity(session("second"))
    refused = problem(401, "TOKEN_INVALID", "identity.rappit")
    rappit = Scripted(refused, refused, state=identity.state(session()))

    with pytest.raises(TokenInvalid):
        await rappit.orders.list_orders()

    assert len(rappit.sent) == 2
    assert identity.asked == ["refresh-first"]
