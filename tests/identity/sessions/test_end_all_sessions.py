"""EndAllSessions."""

import asyncio

import pytest

from rappit.identity.v1.sessions_pb2 import EndAllSessionsRequest
from tests.given.people import Identity, Person
from tests.given.refusals import refused


@pytest.fixture
async def person(identity: Identity) -> Person:
    return await identity.new_person()


async def end_all(identity: Identity, person: Person, *, keep_current: bool = False) -> None:
    request = EndAllSessionsRequest(keep_current=keep_current)
    await identity.call(person, identity.sessions.EndAllSessions, request)


async def is_over(identity: Identity, person: Person) -> bool:
    """Neither token is of use any more."""
    with refused("TOKEN_INVALID"):
        await identity.exchange(person.tokens.access_token)
    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(person.tokens.refresh_token)
    return True


async def test_signing_out_everywhere_ends_every_session_in_every_organization(
    identity: Identity, person: Person
) -> None:
    elsewhere = await identity.as_member(person, await identity.new_person())
    await end_all(identity, person)

    for session in (person, elsewhere):
        assert await is_over(identity, session)
    *_, told = await identity.events_of(person.organization)
    assert told.user_access_changed.user_id == str(person.user_id)
    assert told.header.may_ignore


async def test_the_session_that_asks_may_go_on(identity: Identity, person: Person) -> None:
    other = await identity.new_session(person)
    await end_all(identity, person, keep_current=True)

    assert await is_over(identity, other)
    assert await identity.exchange(person.tokens.access_token)
    tokens = await identity.refresh(person.tokens.refresh_token)
    assert await identity.exchange(tokens.access_token)


async def test_a_session_that_was_over_does_not_come_back_by_being_kept(identity: Identity, person: Person) -> None:
    """Its internal token lives a minute longer than it does."""
    token = await identity.exchange(person.tokens.access_token)
    await end_all(identity, await identity.new_session(person))
    request = EndAllSessionsRequest(keep_current=True)
    await identity.peer.call(identity.sessions.EndAllSessions, request, token=token, idempotency_key="once more")

    assert await is_over(identity, person)


async def test_whoever_signs_in_afterwards_is_in(identity: Identity, person: Person) -> None:
    await end_all(identity, person)

    assert await identity.exchange((await identity.new_session(person)).tokens.access_token)


async def test_nobody_else_is_signed_out(identity: Identity, person: Person) -> None:
    colleague = await identity.new_colleague(person)
    await asyncio.gather(*(end_all(identity, person, keep_current=True) for _ in range(3)), return_exceptions=True)

    assert await identity.exchange(colleague.tokens.access_token)
