"""Telling of an organisation once more."""

from uuid import uuid4

from identity.organizations.republish import republish
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_SUSPENDED
from tests.given.people import Identity


async def test_the_present_state_is_told_again_in_its_present_version(identity: Identity) -> None:
    person = await identity.new_person()
    await identity.sign_out(person)
    await identity.set_state(person.organization, "SUSPENDED")
    async with identity.database.transaction(person.organization) as tx:
        assert await republish(tx, identity.clock)
    created, _, changed, again = await identity.events_of(person.organization)

    assert again.organization_created.state == ORGANIZATION_STATE_SUSPENDED
    assert again.header.aggregate_version == changed.header.aggregate_version == 3
    assert again.header.id not in {created.header.id, changed.header.id}
    assert again.header.cause == "republish"


async def test_of_an_organization_that_is_not_there_nothing_is_told(identity: Identity) -> None:
    organization = uuid4()
    async with identity.database.transaction(organization) as tx:
        assert not await republish(tx, identity.clock)

    assert await identity.events_of(organization) == []
