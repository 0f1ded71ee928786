"""Invitations, and what is due to the token of one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from identity.errors import InvitationNotOpen
from identity.roles.role import Role

LIFE = timedelta(days=7)
MOST_SENT = 5


class InvitationState(Enum):
    """What became of an invitation. EXPIRED is a PENDING one whose time is up."""

    PENDING = "PENDING"
    EXPIRED = "EXPIRED"
    ACCEPTED = "ACCEPTED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as it is kept."""

    id: UUID
    email: str
    role: Role
    kept_state: InvitationState
    send_count: int
    invited_by: UUID
    create_time: datetime
    expire_time: datetime

    def state(self, now: datetime) -> InvitationState:
        """What became of it by now."""
        is_late = self.kept_state is InvitationState.PENDING and now >= self.expire_time
        return InvitationState.EXPIRED if is_late else self.kept_state


def refuse_not_open(invitation: Invitation, now: datetime, *others: InvitationState) -> None:
    """Refused with InvitationNotOpen unless it is pending, or in one of the other states."""
    state = invitation.state(now)
    if state not in {InvitationState.PENDING, *others}:
        raise InvitationNotOpen(state.value)
