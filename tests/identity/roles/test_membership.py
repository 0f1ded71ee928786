"""Who may act in an organisation."""

from uuid import uuid4

import pytest

from identity.errors import NotAMember, OrganizationNotActive
from identity.roles.membership import require_member
from identity.roles.role import Role
from tests.given.people import Identity


async def test_a_member_of_an_active_organization_has_a_role(identity: Identity) -> None:
    person = await identity.new_person()
    async with identity.database.transaction(person.organization) as tx:
        assert await require_member(tx, person.user_id) is Role.ADMIN


async def test_nobody_is_a_member_of_another_organization_or_of_one_that_is_not_there(identity: Identity) -> None:
    person, other = await identity.new_person(), await identity.new_person()
    for organization in (other.organization, uuid4()):
        with pytest.raises(NotAMember):
            async with identity.database.transaction(organization) as tx:
                await require_member(tx, person.user_id)


@pytest.mark.parametrize("state", ["SUSPENDED", "CLOSED"])
async def test_in_an_organization_that_is_not_active_nobody_acts(identity: Identity, state: str) -> None:
    person = await identity.new_person()
    await identity.set_state(person.organization, state)
    with pytest.raises(OrganizationNotActive):
        async with identity.database.transaction(person.organization) as tx:
            await require_member(tx, person.user_id)
