"""ResendInvitation: another link in the place of the one before."""

from dataclasses import replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.errors import ResendLimitReached
from identity.invitations import sql
from identity.invitations.invitation import LIFE, MOST_SENT, Invitation, InvitationState, refuse_not_open
from identity.invitations.invitation_token import InvitationToken, new_invitation_token
from identity.invitations.lock_invitation import lock_invitation


async def resend_invitation(tx: Transaction, clock: Clock, invitation_id: UUID) -> tuple[Invitation, InvitationToken]:
    """The invitation with a new token. Refused with InvitationNotFound, InvitationNotOpen, ResendLimitReached and
    OrganizationNotActive."""
    invitation = await lock_invitation(tx, invitation_id)
    now = clock.now()
    refuse_not_open(invitation, now, InvitationState.EXPIRED)
    if invitation.send_count >= MOST_SENT:
        raise ResendLimitReached(MOST_SENT)
    token = new_invitation_token(tx.organization)
    await sql.set_token(tx, invitation_id, token.hash, now + LIFE)
    return replace(invitation, expire_time=now + LIFE, send_count=invitation.send_count + 1), token
