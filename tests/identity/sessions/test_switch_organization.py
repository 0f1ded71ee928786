"""SwitchOrganization."""

from datetime import timedelta
from uuid import UUID

import pytest

from chassis.rpc.origin import Origin
from identity.sessions.session import ABSOLUTE_LIFE, GRACE
from identity.sessions.sql import select_session
from rappit.identity.v1.sessions_pb2 import SessionTokens, SwitchOrganizationRequest
from tests.given.people import Identity, Person
from tests.given.refusals import refused


@pytest.fixture
async def person(identity: Identity) -> Person:
    return await identity.new_person()


@pytest.fixture
async def host(identity: Identity, person: Person) -> Person:
    """The admin of an organisation that the person belongs to as well."""
    host = await identity.new_person()
    await identity.as_member(person, host)
    return host


async def switch(identity: Identity, refresh_token: str, organization: UUID) -> SessionTokens:
    request = SwitchOrganizationRequest(refresh_token=refresh_token, organization_id=str(organization))
    return (await identity.peer.call(identity.sessions.SwitchOrganization, request)).tokens


async def test_the_person_works_in_both_without_a_second_sign_in(
    identity: Identity, person: Person, host: Person
) -> None:
    tokens = await switch(identity, person.tokens.refresh_token, host.organization)

    assert (tokens.organization_id, tokens.user_id) == (str(host.organization), str(person.user_id))
    assert tokens.session_id != person.tokens.session_id
    assert await identity.exchange(tokens.access_token)
    await identity.refresh(person.tokens.refresh_token)


async def test_the_new_session_says_from_what_it_was_begun(identity: Identity, person: Person, host: Person) -> None:
    request = SwitchOrganizationRequest(
        refresh_token=person.tokens.refresh_token, organization_id=str(host.organization)
    )
    origin = Origin("203.0.113.7", "curl/8.14")
    switched = await identity.peer.call(identity.sessions.SwitchOrganization, request, origin=origin)
    async with identity.database.transaction(host.organization) as tx:
        session = await select_session(tx, UUID(switched.tokens.session_id))

    assert session is not None
    assert (session.device, session.address) == ("curl", "203.0.113.7")


async def test_the_new_session_ends_when_the_person_must_sign_in_again_anyway(
    identity: Identity, person: Person, host: Person
) -> None:
    tokens = person.tokens
    while identity.clock.ahead < ABSOLUTE_LIFE - timedelta(days=6):
        identity.clock.ahead += timedelta(days=6)
        tokens = await identity.refresh(tokens.refresh_token)
    switched = await switch(identity, tokens.refresh_token, host.organization)

    assert switched.refresh_expire_time == tokens.refresh_expire_time


async def test_nobody_switches_to_where_they_do_not_belong(identity: Identity, person: Person) -> None:
    """Trap 2. Nor to a suspended one; the session goes on."""
    stranger = await identity.new_person()

    with refused("NOT_A_MEMBER"):
        await switch(identity, person.tokens.refresh_token, stranger.organization)
    await identity.as_member(person, stranger)
    await identity.set_state(stranger.organization, "SUSPENDED")
    with refused("ORGANIZATION_NOT_ACTIVE"):
        await switch(identity, person.tokens.refresh_token, stranger.organization)
    await identity.refresh(person.tokens.refresh_token)


async def test_a_token_that_was_used_before_ends_its_session(identity: Identity, person: Person, host: Person) -> None:
    """Trap 6."""
    live = await identity.refresh(person.tokens.refresh_token)
    identity.clock.ahead = GRACE + timedelta(seconds=1)

    with refused("REFRESH_TOKEN_REUSED"):
        await switch(identity, person.tokens.refresh_token, host.organization)
    with refused("REFRESH_TOKEN_INVALID"):
        await switch(identity, live.refresh_token, host.organization)
    with refused("REFRESH_TOKEN_INVALID"):
        await switch(identity, "nobody's", host.organization)
