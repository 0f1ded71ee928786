"""SignOut."""

import asyncio
from uuid import uuid4

import pytest

from rappit.identity.v1.sessions_pb2 import SignOutRequest
from tests.given.people import Identity, Person
from tests.given.refusals import refused


@pytest.fixture
async def person(identity: Identity) -> Person:
    return await identity.new_person()


async def test_the_session_is_over_for_all_its_tokens_and_the_others_are_told(
    identity: Identity, person: Person
) -> None:
    await identity.sign_out(person)

    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(person.tokens.refresh_token)
    with refused("TOKEN_INVALID") as refusal:
        await identity.exchange(person.tokens.access_token)
    created, ended = await identity.events_of(person.organization)
    assert refusal.error.facts == {"problem": "the session has ended"}
    assert created.WhichOneof("event") == "organization_created"
    assert ended.session_ended.session_id == person.tokens.session_id
    assert ended.header.cause == "rappit.identity.v1.SessionService/SignOut"


async def test_signing_out_of_one_session_leaves_the_others(identity: Identity, person: Person) -> None:
    other = await identity.new_session(person)
    await identity.sign_out(person)

    assert await identity.exchange(other.tokens.access_token)
    await identity.refresh(other.tokens.refresh_token)


async def test_signing_out_twice_ends_the_session_once(identity: Identity, person: Person) -> None:
    token = await identity.exchange(person.tokens.access_token)
    keys = [str(uuid4()), str(uuid4())]
    for key in (*keys, keys[0]):
        await identity.peer.call(identity.sessions.SignOut, SignOutRequest(), token=token, idempotency_key=key)

    assert len(await identity.events_of(person.organization)) == 2


async def test_signing_out_while_refreshing_leaves_no_live_token(identity: Identity, person: Person) -> None:
    refreshed, _ = await asyncio.gather(
        identity.refresh(person.tokens.refresh_token), identity.sign_out(person), return_exceptions=True
    )
    newest = person.tokens.refresh_token if isinstance(refreshed, BaseException) else refreshed.refresh_token

    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(newest)
