"""InvitationService."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.paging import next_token, page_from
from chassis.rpc.context import Context, current_call
from identity.accounts.messages import user_message
from identity.accounts.password_hasher import PasswordHasher
from identity.caller import calling_person
from identity.invitations.accept_invitation import Acceptance, accept_invitation
from identity.invitations.create_invitation import create_invitation
from identity.invitations.invitation import Invitation
from identity.invitations.invitation_token import read_invitation_token
from identity.invitations.list_invitations import list_invitations
from identity.invitations.messages import invitation_message
from identity.invitations.resend_invitation import resend_invitation
from identity.invitations.revoke_invitation import revoke_invitation
from identity.organizations.messages import organization_message
from identity.roles.role import Role
from rappit.identity.v1 import invitations_pb2 as proto
from rappit.identity.v1.invitations_pb2_grpc import InvitationServiceServicer


class Invitations(InvitationServiceServicer):
    """Invitations. A link is added to the answer after the commit: answers are kept for repeats, links are not."""

    def __init__(self, database: Database, clock: Clock, hasher: PasswordHasher) -> None:
        self.database = database
        self.clock = clock
        self.hasher = hasher

    async def CreateInvitation(
        self, request: proto.CreateInvitationRequest, context: Context
    ) -> proto.CreateInvitationResponse:
        call, accept_path = current_call(), ""
        inviter = calling_person(call).user_id

        async def effect(tx: Transaction) -> proto.CreateInvitationResponse:
            nonlocal accept_path
            created, token = await create_invitation(tx, self.clock, request.email, Role[request.role], inviter)
            accept_path = token.accept_path
            return proto.CreateInvitationResponse(invitation=invitation_message(created, self.clock.now()))

        response = await self.database.answer_once(call, proto.CreateInvitationResponse, effect)
        return proto.CreateInvitationResponse(invitation=response.invitation, accept_path=accept_path)

    async def ListInvitations(
        self, request: proto.ListInvitationsRequest, context: Context
    ) -> proto.ListInvitationsResponse:
        filters = "invitations"
        page = page_from(request.page_size, request.page_token, filters, [UUID])
        before = page.after[0] if page.after else None

        async def effect(tx: Transaction) -> list[Invitation]:
            return await list_invitations(tx, before=before, limit=page.size + 1)

        found, now = await self.database.read(current_call(), effect), self.clock.now()
        shown = found[: page.size]
        return proto.ListInvitationsResponse(
            invitations=[invitation_message(invitation, now) for invitation in shown],
            next_page_token=next_token(filters, shown[-1].id) if len(found) > len(shown) else "",
        )

    async def RevokeInvitation(
        self, request: proto.RevokeInvitationRequest, context: Context
    ) -> proto.RevokeInvitationResponse:
        async def effect(tx: Transaction) -> proto.RevokeInvitationResponse:
            await revoke_invitation(tx, self.clock, UUID(request.invitation_id))
            return proto.RevokeInvitationResponse()

        return await self.database.answer_once(current_call(), proto.RevokeInvitationResponse, effect)

    async def ResendInvitation(
        self, request: proto.ResendInvitationRequest, context: Context
    ) -> proto.ResendInvitationResponse:
        accept_path = ""

        async def effect(tx: Transaction) -> proto.ResendInvitationResponse:
            nonlocal accept_path
            sent, token = await resend_invitation(tx, self.clock, UUID(request.invitation_id))
            accept_path = token.accept_path
            return proto.ResendInvitationResponse(invitation=invitation_message(sent, self.clock.now()))

        response = await self.database.answer_once(current_call(), proto.ResendInvitationResponse, effect)
        return proto.ResendInvitationResponse(invitation=response.invitation, accept_path=accept_path)

    async def AcceptInvitation(
        self, request: proto.AcceptInvitationRequest, context: Context
    ) -> proto.AcceptInvitationResponse:
        acceptance = Acceptance(read_invitation_token(request.token), request.password, request.display_name)
        joined = await accept_invitation(self.database, current_call(), self.clock, self.hasher, acceptance)
        return proto.AcceptInvitationResponse(
            organization=organization_message(joined.organization), user=user_message(joined.user)
        )
