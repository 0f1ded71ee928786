"""GetMember."""

from uuid import uuid4

from rappit.identity.v1.members_pb2 import GetMemberRequest
from tests.given.people import Identity
from tests.given.refusals import refused


async def test_a_member_of_the_organization_and_nobody_else(identity: Identity) -> None:
    """Trap 2. Of another organisation, of none: the same answer."""
    admin, stranger = await identity.new_person(), await identity.new_person()
    request = GetMemberRequest(user_id=str(admin.user_id))
    member = (await identity.call(admin, identity.members.GetMember, request)).member

    assert (member.email, member.role) == (admin.email, "ADMIN")
    for user_id in (stranger.user_id, uuid4()):
        with refused("MEMBER_NOT_FOUND") as refusal:
            await identity.call(admin, identity.members.GetMember, GetMemberRequest(user_id=str(user_id)))
        assert refusal.error.facts == {"user_id": str(user_id)}
