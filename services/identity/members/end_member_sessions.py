"""EndMemberSessions: a member has to sign in again."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.members.get_member import get_member
from identity.roles.change_access import change_access
from identity.sessions.session import EndReason
from identity.sessions.sql import end_all_here


async def end_member_sessions(tx: Transaction, clock: Clock, user_id: UUID, cause: str) -> None:
    """End a member's sessions in the organisation; those in others are not its admins' to end.

    Refused with MemberNotFound.
    """
    await get_member(tx, user_id)
    await end_all_here(tx, user_id, EndReason.ENDED_BY_ADMIN, clock.now())
    await change_access(tx, clock, user_id, cause)
