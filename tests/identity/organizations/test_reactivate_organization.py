"""Reactivating."""

import pytest

from identity.errors import OrganizationNotActive
from identity.organizations.reactivate_organization import reactivate_organization
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_ACTIVE
from tests.given.people import Identity


async def test_sessions_go_on_where_they_stopped(identity: Identity) -> None:
    """Trap 5. Nobody has to sign in again."""
    person = await identity.new_person()
    await identity.set_state(person.organization, "SUSPENDED")
    async with identity.database.transaction(person.organization) as tx:
        await reactivate_organization(tx, identity.clock, "paid")

    assert await identity.exchange(person.tokens.access_token)
    await identity.refresh(person.tokens.refresh_token)
    *_, changed = await identity.events_of(person.organization)
    assert changed.organization_state_changed.state == ORGANIZATION_STATE_ACTIVE


async def test_a_closed_one_stays_closed(identity: Identity) -> None:
    person = await identity.new_person()
    await identity.set_state(person.organization, "CLOSED")
    before = await identity.events_of(person.organization)

    with pytest.raises(OrganizationNotActive, match="closed"):
        async with identity.database.transaction(person.organization) as tx:
            await reactivate_organization(tx, identity.clock, "a mistake")
    assert await identity.events_of(person.organization) == before
