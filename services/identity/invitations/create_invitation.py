"""CreateInvitation."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.accounts.account import canonical_email
from identity.accounts.sql import credential_of
from identity.errors import AlreadyAMember, AlreadyInvited
from identity.invitations import sql
from identity.invitations.invitation import LIFE, Invitation, InvitationState
from identity.invitations.invitation_token import InvitationToken, new_invitation_token
from identity.members.sql import select_member
from identity.organizations.lock_organization import lock_organization
from identity.roles.role import Role


async def create_invitation(
    tx: Transaction, clock: Clock, email: str, role: Role, invited_by: UUID
) -> tuple[Invitation, InvitationToken]:
    """An invitation and its token, which is kept nowhere. One that has expired makes room for it.

    Refused with AlreadyAMember, AlreadyInvited and OrganizationNotActive.
    """
    await lock_organization(tx)
    now, address = clock.now(), canonical_email(email)
    person = await credential_of(tx, address)
    if person and await select_member(tx, person.user_id):
        raise AlreadyAMember
    earlier = await sql.open_invitation_of(tx, address)
    if earlier and earlier.state(now) is InvitationState.PENDING:
        raise AlreadyInvited(earlier.id)
    if earlier:
        await sql.set_state(tx, earlier.id, InvitationState.REVOKED)
    token = new_invitation_token(tx.organization)
    new = Invitation(clock.new_id(), address, role, InvitationState.PENDING, 1, invited_by, now, now + LIFE)
    await sql.insert_invitation(tx, new, token.hash)
    return new, token
