"""Suspending."""

from uuid import uuid4

from identity.organizations.suspend_organization import suspend_organization
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_SUSPENDED
from tests.given.people import Identity
from tests.given.refusals import refused


async def test_whoever_is_signed_in_is_refused_whatever_they_hold(identity: Identity) -> None:
    """Trap 5. Signing in, refreshing, exchanging; the refresh token is not used up."""
    person = await identity.new_person()
    async with identity.database.transaction(person.organization) as tx:
        suspended = await suspend_organization(tx, identity.clock, "unpaid")

    for call in (
        lambda: identity.sign_in(person.email),
        lambda: identity.refresh(person.tokens.refresh_token),
        lambda: identity.exchange(person.tokens.access_token),
    ):
        with refused("ORGANIZATION_NOT_ACTIVE") as refusal:
            await call()
        assert refusal.error.facts == {"state": "SUSPENDED"}
    _, changed = await identity.events_of(person.organization)
    assert suspended is not None
    assert changed.organization_state_changed.state == ORGANIZATION_STATE_SUSPENDED
    assert changed.header.aggregate_version == suspended.version == 2
    assert changed.header.cause == "suspend_organization"


async def test_suspending_twice_tells_once(identity: Identity) -> None:
    person = await identity.new_person()
    for _ in range(2):
        async with identity.database.transaction(person.organization) as tx:
            assert await suspend_organization(tx, identity.clock, "unpaid")

    assert len(await identity.events_of(person.organization)) == 2


async def test_others_work_on(identity: Identity) -> None:
    person, other = await identity.new_person(), await identity.new_person()
    await identity.set_state(person.organization, "SUSPENDED")

    assert await identity.exchange(other.tokens.access_token)


async def test_of_an_organization_that_is_not_there_nothing_is_told(identity: Identity) -> None:
    organization = uuid4()
    async with identity.database.transaction(organization) as tx:
        assert await suspend_organization(tx, identity.clock, "unpaid") is None

    assert await identity.events_of(organization) == []
