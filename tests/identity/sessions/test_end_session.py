"""EndSession."""

from uuid import uuid4

import pytest

from rappit.identity.v1.sessions_pb2 import EndSessionRequest
from tests.given.people import Identity, Person
from tests.given.refusals import refused


@pytest.fixture
async def person(identity: Identity) -> Person:
    return await identity.new_person()


async def end(identity: Identity, person: Person, session: str) -> None:
    await identity.call(person, identity.sessions.EndSession, EndSessionRequest(session_id=session))


async def test_a_session_on_another_device_is_over_and_the_others_are_told(identity: Identity, person: Person) -> None:
    left_behind = await identity.new_session(person)
    for _ in range(2):
        await end(identity, person, left_behind.tokens.session_id)

    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(left_behind.tokens.refresh_token)
    with refused("TOKEN_INVALID"):
        await identity.exchange(left_behind.tokens.access_token)
    assert await identity.exchange(person.tokens.access_token)
    _, ended = await identity.events_of(person.organization)
    assert ended.session_ended.session_id == left_behind.tokens.session_id


async def test_nobody_ends_the_session_of_somebody_else(identity: Identity, person: Person) -> None:
    """Trap 2. Of another organisation, of a colleague, of nobody: the same answer."""
    stranger = await identity.new_person()
    colleague = await identity.new_colleague(person)

    for session in (stranger.tokens.session_id, colleague.tokens.session_id, str(uuid4())):
        with refused("SESSION_NOT_FOUND"):
            await end(identity, person, session)
    assert await identity.exchange(stranger.tokens.access_token)
    assert await identity.exchange(colleague.tokens.access_token)
