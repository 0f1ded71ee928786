"""MemberService."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.paging import next_token, page_from
from chassis.rpc.context import Context, current_call
from identity.members.change_member_role import change_member_role
from identity.members.end_member_sessions import end_member_sessions
from identity.members.get_member import get_member
from identity.members.list_member_sessions import list_member_sessions
from identity.members.list_members import list_members
from identity.members.member import Member
from identity.members.messages import member_message
from identity.members.remove_member import remove_member
from identity.roles.role import Role
from identity.sessions.messages import session_message
from identity.sessions.session import Session
from rappit.identity.v1 import members_pb2 as proto
from rappit.identity.v1.members_pb2_grpc import MemberServiceServicer


class Members(MemberServiceServicer):
    """People of the caller's organisation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    async def ListMembers(self, request: proto.ListMembersRequest, context: Context) -> proto.ListMembersResponse:
        filters = "members"
        page = page_from(request.page_size, request.page_token, filters, [UUID])
        after = page.after[0] if page.after else None

        async def effect(tx: Transaction) -> list[Member]:
            return await list_members(tx, after=after, limit=page.size + 1)

        found = await self.database.read(current_call(), effect)
        shown = found[: page.size]
        return proto.ListMembersResponse(
            members=map(member_message, shown),
            next_page_token=next_token(filters, shown[-1].user_id) if len(found) > len(shown) else "",
        )

    async def GetMember(self, request: proto.GetMemberRequest, context: Context) -> proto.GetMemberResponse:
        user_id = UUID(request.user_id)
        member = await self.database.read(current_call(), lambda tx: get_member(tx, user_id))
        return proto.GetMemberResponse(member=member_message(member))

    async def ChangeMemberRole(
        self, request: proto.ChangeMemberRoleRequest, context: Context
    ) -> proto.ChangeMemberRoleResponse:
        call = current_call()
        user_id, role = UUID(request.user_id), Role[request.role]

        async def effect(tx: Transaction) -> proto.ChangeMemberRoleResponse:
            member = await change_member_role(tx, self.clock, user_id, role, etag=request.etag, cause=call.rpc)
            return proto.ChangeMemberRoleResponse(member=member_message(member))

        return await self.database.answer_once(call, proto.ChangeMemberRoleResponse, effect)

    async def RemoveMember(self, request: proto.RemoveMemberRequest, context: Context) -> proto.RemoveMemberResponse:
        call = current_call()

        async def effect(tx: Transaction) -> proto.RemoveMemberResponse:
            await remove_member(tx, self.clock, UUID(request.user_id), call.rpc)
            return proto.RemoveMemberResponse()

        return await self.database.answer_once(call, proto.RemoveMemberResponse, effect)

    async def ListMemberSessions(
        self, request: proto.ListMemberSessionsRequest, context: Context
    ) -> proto.ListMemberSessionsResponse:
        user_id, filters = UUID(request.user_id), f"sessions of {request.user_id}"
        page = page_from(request.page_size, request.page_token, filters, [UUID])
        before = page.after[0] if page.after else None

        async def effect(tx: Transaction) -> list[Session]:
            return await list_member_sessions(tx, self.clock, user_id, before=before, limit=page.size + 1)

        found = await self.database.read(current_call(), effect)
        shown = found[: page.size]
        return proto.ListMemberSessionsResponse(
            sessions=map(session_message, shown),
            next_page_token=next_token(filters, shown[-1].id) if len(found) > len(shown) else "",
        )

    async def EndMemberSessions(
        self, request: proto.EndMemberSessionsRequest, context: Context
    ) -> proto.EndMemberSessionsResponse:
        call = current_call()

        async def effect(tx: Transaction) -> proto.EndMemberSessionsResponse:
            await end_member_sessions(tx, self.clock, UUID(request.user_id), call.rpc)
            return proto.EndMemberSessionsResponse()

        return await self.database.answer_once(call, proto.EndMemberSessionsResponse, effect)
