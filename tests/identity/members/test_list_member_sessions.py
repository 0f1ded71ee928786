"""ListMemberSessions."""

from rappit.identity.v1.members_pb2 import ListMemberSessionsRequest
from tests.given.people import Identity
from tests.given.refusals import refused


async def test_an_admin_sees_where_a_member_is_signed_in_here(identity: Identity) -> None:
    """Trap 2. Not where they are signed in elsewhere, and not the sessions of who is no member."""
    admin = await identity.new_person()
    colleague = await identity.new_colleague(admin)
    again = await identity.sign_in(colleague.email, organization=str(admin.organization))
    stranger = await identity.new_person()
    seen, token = [], ""
    while True:
        request = ListMemberSessionsRequest(user_id=str(colleague.user_id), page_size=1, page_token=token)
        answer = await identity.call(admin, identity.members.ListMemberSessions, request)
        seen += answer.sessions
        token = answer.next_page_token
        if not token:
            break

    assert [session.id for session in seen] == [again.session_id, colleague.tokens.session_id]
    assert not any(session.current for session in seen)
    with refused("MEMBER_NOT_FOUND"):
        request = ListMemberSessionsRequest(user_id=str(stranger.user_id))
        await identity.call(admin, identity.members.ListMemberSessions, request)
