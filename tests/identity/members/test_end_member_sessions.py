"""EndMemberSessions."""

from rappit.identity.v1.members_pb2 import EndMemberSessionsRequest
from tests.given.people import Identity
from tests.given.refusals import refused


async def test_a_member_has_to_sign_in_again_here_and_nowhere_else(identity: Identity) -> None:
    admin = await identity.new_person()
    colleague = await identity.new_colleague(admin)
    at_home = await identity.sign_in(colleague.email)
    request = EndMemberSessionsRequest(user_id=str(colleague.user_id))
    await identity.call(admin, identity.members.EndMemberSessions, request)

    with refused("TOKEN_INVALID"):
        await identity.exchange(colleague.tokens.access_token)
    with refused("REFRESH_TOKEN_INVALID"):
        await identity.refresh(colleague.tokens.refresh_token)
    assert await identity.exchange(at_home.access_token)
    assert await identity.exchange(admin.tokens.access_token)
    _, told = await identity.events_of(admin.organization)
    assert told.user_access_changed.user_id == str(colleague.user_id)
    again = await identity.sign_in(colleague.email, organization=str(admin.organization))
    assert await identity.exchange(again.access_token)


async def test_nobody_of_another_organization_is_signed_out(identity: Identity) -> None:
    """Trap 2."""
    admin, stranger = await identity.new_person(), await identity.new_person()

    with refused("MEMBER_NOT_FOUND"):
        request = EndMemberSessionsRequest(user_id=str(stranger.user_id))
        await identity.call(admin, identity.members.EndMemberSessions, request)
    assert await identity.exchange(stranger.tokens.access_token)
