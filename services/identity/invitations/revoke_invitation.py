"""RevokeInvitation."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.invitations import sql
from identity.invitations.invitation import InvitationState, refuse_not_open
from identity.invitations.lock_invitation import lock_invitation


async def revoke_invitation(tx: Transaction, clock: Clock, invitation_id: UUID) -> None:
    """Take an invitation back. Refused with InvitationNotFound, InvitationNotOpen when it was accepted, and
    OrganizationNotActive."""
    invitation = await lock_invitation(tx, invitation_id)
    refuse_not_open(invitation, clock.now(), InvitationState.EXPIRED, InvitationState.REVOKED)
    await sql.set_state(tx, invitation_id, InvitationState.REVOKED)
