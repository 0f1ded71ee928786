"""Invitations on the wire."""

from datetime import datetime

from chassis.timestamps import timestamp
from identity.invitations.invitation import Invitation, InvitationState
from rappit.identity.v1 import invitations_pb2 as proto

_STATES = {
    InvitationState.PENDING: proto.INVITATION_STATE_PENDING,
    InvitationState.EXPIRED: proto.INVITATION_STATE_EXPIRED,
    InvitationState.ACCEPTED: proto.INVITATION_STATE_ACCEPTED,
    InvitationState.REVOKED: proto.INVITATION_STATE_REVOKED,
}


def invitation_message(invitation: Invitation, now: datetime) -> proto.Invitation:
    """The invitation as those see it who may invite; nothing in it opens anything."""
    return proto.Invitation(
        id=str(invitation.id),
        email=invitation.email,
        role=invitation.role.name,
        state=_STATES[invitation.state(now)],
        invited_by=str(invitation.invited_by),
        create_time=timestamp(invitation.create_time),
        expire_time=timestamp(invitation.expire_time),
        send_count=invitation.send_count,
    )
