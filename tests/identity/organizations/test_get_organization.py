"""GetOrganization."""

from uuid import UUID, uuid4

import pytest

from identity.errors import NotAMember
from identity.organizations.get_organization import get_organization
from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_ACTIVE, GetOrganizationRequest
from tests.given.people import Identity


async def test_each_person_sees_their_own_organization(identity: Identity) -> None:
    for name in ("Souq al-Bahar", "متجر النور"):
        person = await identity.new_person(organization_name=name)
        token = await identity.exchange(person.tokens.access_token)
        request = GetOrganizationRequest()
        answer = await identity.peer.call(identity.organizations.GetOrganization, request, token=token)

        assert UUID(answer.organization.id) == person.organization
        assert (answer.organization.name, answer.organization.state) == (name, ORGANIZATION_STATE_ACTIVE)


async def test_the_database_shows_no_organization_to_another_though_the_query_names_it(identity: Identity) -> None:
    person, other = await identity.new_person(), await identity.new_person()
    async with identity.database.transaction(person.organization) as tx:
        rows = await (await tx.execute("SELECT organization_id FROM organizations")).fetchall()
        await tx.execute(
            "UPDATE organizations SET name = 'taken over' WHERE organization_id = %s", (other.organization,)
        )
    async with identity.database.transaction(other.organization) as tx:
        untouched = await get_organization(tx)

    assert [row.organization_id for row in rows] == [person.organization]
    assert untouched.name != "taken over"


async def test_where_there_is_no_organization_the_bearer_belongs_to_none(identity: Identity) -> None:
    with pytest.raises(NotAMember):
        async with identity.database.transaction(uuid4()) as tx:
            await get_organization(tx)
