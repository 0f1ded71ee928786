"""Closing."""

import pytest

from identity.organizations.close_organization import close_organization
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_CLOSED
from tests.given.people import Identity
from tests.given.refusals import refused


@pytest.mark.parametrize("before", ["ACTIVE", "SUSPENDED"])
async def test_it_ends_whatever_came_before_and_its_people_are_refused(identity: Identity, before: str) -> None:
    person = await identity.new_person()
    await identity.set_state(person.organization, before)
    for _ in range(2):
        async with identity.database.transaction(person.organization) as tx:
            await close_organization(tx, identity.clock, "they left")

    with refused("ORGANIZATION_NOT_ACTIVE") as refusal:
        await identity.exchange(person.tokens.access_token)
    assert refusal.error.facts == {"state": "CLOSED"}
    told = [
        event.organization_state_changed.state
        for event in await identity.events_of(person.organization)
        if event.WhichOneof("event") == "organization_state_changed"
    ]
    assert told.count(ORGANIZATION_STATE_CLOSED) == 1
    assert told[-1] == ORGANIZATION_STATE_CLOSED
