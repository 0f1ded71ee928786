"""RefreshSession."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from chassis.errors import RemoteRefusal
from identity.sessions.refresh_token import hash_of
from identity.sessions.session import GRACE, SLIDING_LIFE
from rappit.identity.v1.sessions_pb2 import SessionTokens
from tests.given.people import Identity, Person
from tests.given.refusals import refused

PAST_GRACE = GRACE + timedelta(seconds=1)


@pytest.fixture
async def person(identity: Identity) -> Person:
    return await identity.new_person()


async def ended_sessions(identity: Identity, person: Person) -> list[str]:
    """The sessions that were told to have ended, in their order."""
    events = await identity.events_of(person.organization)
    return [event.session_ended.session_id for event in events if event.WhichOneof("event") == "session_ended"]


async def test_each_token_is_good_for_one_successor_of_the_same_session(identity: Identity, person: Person) -> None:
    first = person.tokens
    second = await identity.refresh(first.refresh_token)
    third = await identity.refresh(second.refresh_token)

    assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3
    assert {first.session_id, second.session_id, third.session_id} == {first.session_id}
    assert await identity.exchange(third.access_token)


async def test_a_session_that_is_used_lives_on(identity: Identity, person: Person) -> None:
    identity.clock.ahead = SLIDING_LIFE - timedelta(minutes=1)
    tokens = await identity.refresh(person.tokens.refresh_token)
    identity.clock.ahead += SLIDING_LIFE - timedelta(minutes=1)

    await identity.refresh(tokens.refresh_token)


async def test_a_session_that_is_not_used_ends(identity: Identity, person: Person) -> None:
    identity.clock.ahead = SLIDING_LIFE

    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(person.tokens.refresh_token)


async def test_a_clock_that_was_ahead_refuses_and_ends_nothing(identity: Identity, person: Person) -> None:
    """Trap 38. By the right clock the token is as good as it was."""
    identity.clock.ahead = 2 * SLIDING_LIFE
    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(person.tokens.refresh_token)
    identity.clock.ahead = timedelta(0)

    await identity.refresh(person.tokens.refresh_token)


async def test_fifty_refreshes_at_once_get_one_live_successor(identity: Identity, person: Person) -> None:
    token = person.tokens.refresh_token
    answers = await asyncio.gather(*(identity.refresh(token) for _ in range(50)), return_exceptions=True)
    answered = [answer for answer in answers if isinstance(answer, SessionTokens)]
    refusals = {answer.reason for answer in answers if isinstance(answer, RemoteRefusal)}
    (successor,) = {answer.refresh_token for answer in answered}
    async with identity.database.directory() as tx:
        rows = await (
            await tx.execute(
                "SELECT generation, token_hash FROM refresh_tokens WHERE session_id = %s ORDER BY generation",
                (person.tokens.session_id,),
                binary=True,
            )
        ).fetchall()

    assert [(row.generation, row.token_hash) for row in rows] == [(1, hash_of(token)), (2, hash_of(successor))]
    assert len(answered) == 50, refusals
    assert (await identity.refresh(successor)).session_id == person.tokens.session_id


async def test_a_token_that_comes_back_after_the_grace_ends_the_session(identity: Identity, person: Person) -> None:
    """Trap 6. Whoever stole a token, and whoever it was stolen from: one of the two comes second."""
    successor = await identity.refresh(person.tokens.refresh_token)
    identity.clock.ahead = PAST_GRACE
    with refused("REFRESH_TOKEN_REUSED"):
        await identity.refresh(person.tokens.refresh_token)

    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(successor.refresh_token)
    with refused("TOKEN_INVALID"):
        await identity.exchange(successor.access_token)
    assert await ended_sessions(identity, person) == [person.tokens.session_id]


async def test_the_grace_gives_back_no_older_token(identity: Identity, person: Person) -> None:
    """Trap 6. Within ten seconds of the latest rotation the token before it is forgiven, the one before that is not."""
    second = await identity.refresh(person.tokens.refresh_token)
    third = await identity.refresh(second.refresh_token)

    assert (await identity.refresh(second.refresh_token)).refresh_token == third.refresh_token
    with refused("REFRESH_TOKEN_REUSED"):
        await identity.refresh(person.tokens.refresh_token)
    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(second.refresh_token)


async def test_a_theft_that_ends_a_session_falls_into_no_grace(identity: Identity, person: Person) -> None:
    """Trap 6. However often the used token comes back, at the same time too: the session ends once and stays ended."""
    successor = await identity.refresh(person.tokens.refresh_token)
    identity.clock.ahead = PAST_GRACE
    calls = (identity.refresh(person.tokens.refresh_token) for _ in range(10))
    answers = await asyncio.gather(*calls, return_exceptions=True)

    reasons = sorted(answer.reason for answer in answers if isinstance(answer, RemoteRefusal))
    assert reasons == ["REFRESH_TOKEN_INVALID"] * 9 + ["REFRESH_TOKEN_REUSED"]
    assert await ended_sessions(identity, person) == [person.tokens.session_id]
    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(successor.refresh_token)


async def test_a_theft_ends_only_its_own_session(identity: Identity, person: Person) -> None:
    other = await identity.new_session(person)
    await identity.refresh(person.tokens.refresh_token)
    identity.clock.ahead = PAST_GRACE
    with refused("REFRESH_TOKEN_REUSED"):
        await identity.refresh(person.tokens.refresh_token)

    await identity.refresh(other.tokens.refresh_token)


async def test_a_thief_and_the_owner_at_once_leave_no_live_token(identity: Identity, person: Person) -> None:
    """Trap 6. The stolen token comes back while its owner refreshes: whatever the order, the session is over."""
    live = await identity.refresh(person.tokens.refresh_token)
    identity.clock.ahead = PAST_GRACE
    answers = await asyncio.gather(
        identity.refresh(live.refresh_token),
        identity.refresh(person.tokens.refresh_token),
        return_exceptions=True,
    )
    newest = answers[0].refresh_token if isinstance(answers[0], SessionTokens) else live.refresh_token

    assert isinstance(answers[1], RemoteRefusal)
    assert answers[1].reason == "REFRESH_TOKEN_REUSED"
    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(newest)


@pytest.mark.parametrize("token", ["x", "é" * 512, "A" * 43])
async def test_a_token_that_nobody_was_given_is_refused(identity: Identity, token: str) -> None:
    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(token)


async def test_while_the_organization_is_suspended_tokens_are_refused_and_not_used_up(
    identity: Identity, person: Person
) -> None:
    await identity.set_state(person.organization, "SUSPENDED")
    with refused("ORGANIZATION_NOT_ACTIVE"):
        await identity.refresh(person.tokens.refresh_token)
    await identity.set_state(person.organization, "ACTIVE")

    await identity.refresh(person.tokens.refresh_token)


async def test_events_of_ended_sessions_carry_growing_versions_of_the_organization(
    identity: Identity, person: Person
) -> None:
    sessions = [person, *[await identity.new_session(person) for _ in range(4)]]
    await asyncio.gather(*(identity.sign_out(each) for each in sessions))
    events = await identity.events_of(person.organization)

    assert [event.header.aggregate_version for event in events] == [1, 2, 3, 4, 5, 6]
    assert {event.header.aggregate_id for event in events} == {str(person.organization)}
    assert {UUID(event.session_ended.session_id) for event in events[1:]} == {
        UUID(each.tokens.session_id) for each in sessions
    }
