"""ListOrganizations."""

from rappit.identity.v1.organizations_pb2 import ORGANIZATION_STATE_SUSPENDED, ListOrganizationsRequest, Organization
from tests.given.people import Identity


async def test_a_person_sees_those_they_belong_to_and_no_other(identity: Identity) -> None:
    """Trap 2, trap 27. Each page has one."""
    person, host = await identity.new_person(organization_name="Mine"), await identity.new_person()
    await identity.new_person()
    await identity.as_member(person, host)
    await identity.set_state(host.organization, "SUSPENDED")
    seen: list[Organization] = []
    token = ""
    while True:
        request = ListOrganizationsRequest(page_size=1, page_token=token)
        answer = await identity.call(person, identity.organizations.ListOrganizations, request)
        seen += answer.organizations
        token = answer.next_page_token
        if not token:
            break

    assert [each.id for each in seen] == sorted(map(str, [person.organization, host.organization]))
    by_id = {each.id: each for each in seen}
    assert by_id[str(person.organization)].name == "Mine"
    assert by_id[str(host.organization)].state == ORGANIZATION_STATE_SUSPENDED
