"""Marking an organisation as past due."""

import pytest

from identity.errors import OrganizationNotActive
from identity.organizations.mark_past_due import mark_past_due
from identity.organizations.republish import republish
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.identity.v1.organizations_pb2 import (
    ORGANIZATION_STATE_ACTIVE,
    ORGANIZATION_STATE_PAST_DUE,
    ORGANIZATION_STATE_SUSPENDED,
    GetOrganizationRequest,
)
from rappit.identity.v1.tokens_pb2 import ListRevocationsRequest
from tests.given.people import Identity, Person, new_email


@pytest.fixture
async def person(identity: Identity) -> Person:
    """The admin of an organisation that is past due."""
    person = await identity.new_person()
    async with identity.database.transaction(person.organization) as tx:
        assert await mark_past_due(tx, identity.clock, "invoice 47 is open")
    return person


async def state_changes(identity: Identity, person: Person) -> list[int]:
    events: list[IdentityEvent] = await identity.events_of(person.organization)
    return [each.organization_state_changed.state for each in events if each.HasField("organization_state_changed")]


async def test_its_people_see_it_and_work_on(identity: Identity, person: Person) -> None:
    get = identity.organizations.GetOrganization
    seen = await identity.call(person, get, GetOrganizationRequest())
    await identity.refresh(person.tokens.refresh_token)
    await identity.sign_in(person.email)
    await identity.invite(person, new_email())
    inactive = (
        await identity.peer.call(identity.tokens.ListRevocations, ListRevocationsRequest())
    ).inactive_organizations

    assert seen.organization.state == ORGANIZATION_STATE_PAST_DUE
    assert str(person.organization) not in {each.organization_id for each in inactive}


async def test_the_other_services_are_told_nothing_of_it(identity: Identity, person: Person) -> None:
    """For them it is active, also when it is told again."""
    async with identity.database.transaction(person.organization) as tx:
        await republish(tx, identity.clock)
    *_, again = await identity.events_of(person.organization)

    assert await state_changes(identity, person) == []
    assert again.organization_created.state == ORGANIZATION_STATE_ACTIVE
    assert again.header.aggregate_version == 2


async def test_it_is_suspended_and_reactivated_as_any_other(identity: Identity, person: Person) -> None:
    await identity.set_state(person.organization, "SUSPENDED")
    with pytest.raises(OrganizationNotActive, match="suspended"):
        await identity.set_state(person.organization, "PAST_DUE")
    await identity.set_state(person.organization, "ACTIVE")
    await identity.set_state(person.organization, "PAST_DUE")
    await identity.set_state(person.organization, "ACTIVE")

    assert await state_changes(identity, person) == [ORGANIZATION_STATE_SUSPENDED, ORGANIZATION_STATE_ACTIVE]
