"""What each call asks of the database: a fixed number of statements, however many rows there are."""

from typing import Any

from identity.roles.role import Role
from rappit.identity.v1 import invitations_pb2 as invitations
from rappit.identity.v1 import members_pb2 as members
from rappit.identity.v1 import sessions_pb2 as sessions
from rappit.identity.v1.accounts_pb2 import ChangePasswordRequest
from tests.given.people import PASSWORD, Identity, new_email
from tests.given.statements import statements


async def test_each_call_has_its_number_of_statements(identity: Identity) -> None:
    """In SignUp two are of the idempotency key, one is of the outbox; keys that sign are read once per five minutes."""
    counts = {}
    with statements() as seen:
        signed_up = await identity.sign_up()
        counts["SignUp"] = len(seen)
        seen.clear()
        tokens = await identity.sign_in(signed_up.user.email)
        seen.clear()
        tokens = await identity.sign_in(signed_up.user.email)
        counts["SignIn"] = len(seen)
        seen.clear()
        await identity.exchange(tokens.access_token)
        counts["ExchangeToken"] = len(seen)
        seen.clear()
        await identity.refresh(tokens.refresh_token)
        counts["RefreshSession"] = len(seen)

    assert counts == {"SignUp": 7, "SignIn": 7, "ExchangeToken": 2, "RefreshSession": 4}


async def test_what_people_do_with_members_and_sessions_has_its_number(identity: Identity) -> None:
    """Two are of the idempotency key, three of telling others: version, revocation, outbox."""
    admin = await identity.new_person()
    token = await identity.exchange(admin.tokens.access_token)
    colleague = str(await identity.add_member(admin, Role.MANAGER))
    counts: dict[str, int] = {}

    async def count(name: str, method: Any, request: Any) -> Any:
        seen.clear()
        answer = await identity.peer.call(method, request, token=token, idempotency_key=name)
        counts[name] = len(seen)
        return answer

    with statements() as seen:
        await count("ListMembers", identity.members.ListMembers, members.ListMembersRequest())
        change = members.ChangeMemberRoleRequest(user_id=colleague, role="ADMIN")
        await count("ChangeMemberRole", identity.members.ChangeMemberRole, change)
        end = members.EndMemberSessionsRequest(user_id=colleague)
        await count("EndMemberSessions", identity.members.EndMemberSessions, end)
        await count("RemoveMember", identity.members.RemoveMember, members.RemoveMemberRequest(user_id=colleague))
        invite = invitations.CreateInvitationRequest(email=new_email(), role="VIEWER")
        invited = await count("CreateInvitation", identity.invitations.CreateInvitation, invite)
        seen.clear()
        await identity.accept(invited.accept_path)
        counts["AcceptInvitation"] = len(seen)
        await count("ListSessions", identity.sessions.ListSessions, sessions.ListSessionsRequest())
        request = ChangePasswordRequest(current_password=PASSWORD, new_password="seven blue lanterns")
        await count("ChangePassword", identity.accounts.ChangePassword, request)
        keep = sessions.EndAllSessionsRequest(keep_current=True)
        await count("EndAllSessions", identity.sessions.EndAllSessions, keep)

    assert counts == {
        "ListMembers": 1,
        "ChangeMemberRole": 8,
        "EndMemberSessions": 7,
        "RemoveMember": 10,
        "CreateInvitation": 6,
        "AcceptInvitation": 9,
        "ListSessions": 1,
        "ChangePassword": 8,
        "EndAllSessions": 7,
    }
