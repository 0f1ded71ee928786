"""Begins a change of an invitation."""

from uuid import UUID

from chassis.database.transaction import Transaction
from identity.errors import InvitationNotFound
from identity.invitations import sql
from identity.invitations.invitation import Invitation
from identity.organizations.lock_organization import lock_organization


async def lock_invitation(tx: Transaction, invitation_id: UUID) -> Invitation:
    """An invitation that nobody else changes or accepts until the commit.

    Refused with InvitationNotFound and OrganizationNotActive.
    """
    await lock_organization(tx)
    invitation = await sql.select_invitation(tx, invitation_id)
    if invitation is None:
        raise InvitationNotFound
    return invitation
