"""ListMembers."""

from rappit.identity.v1.members_pb2 import ListMembersRequest
from tests.given.people import Identity, new_email
from tests.given.refusals import refused


async def test_the_people_of_the_organization_and_nobody_else(identity: Identity) -> None:
    """Trap 2."""
    admin = await identity.new_person(display_name="Sara")
    await identity.new_colleague(admin)
    answer = await identity.call(admin, identity.members.ListMembers, ListMembersRequest())

    assert [(member.role, member.user_id == str(admin.user_id)) for member in answer.members] == [
        ("ADMIN", True),
        ("OPERATOR", False),
    ]
    first = answer.members[0]
    assert (first.email, first.display_name, first.etag) == (admin.email, "Sara", "1")
    assert answer.next_page_token == ""


async def test_pages_lead_through_all_of_them(identity: Identity) -> None:
    """Trap 27."""
    admin = await identity.new_person()
    everybody = [admin.user_id, await identity.add_member(admin), await identity.add_member(admin)]
    seen, token = [], ""
    while True:
        request = ListMembersRequest(page_size=1, page_token=token)
        answer = await identity.call(admin, identity.members.ListMembers, request)
        seen += [member.user_id for member in answer.members]
        token = answer.next_page_token
        if not token:
            break

    assert seen == [str(user_id) for user_id in everybody]
    with refused("PAGE_TOKEN_INVALID"):
        await identity.call(admin, identity.members.ListMembers, ListMembersRequest(page_token=new_email()))
