"""ListMemberSessions."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.members.get_member import get_member
from identity.sessions.list_sessions import list_sessions
from identity.sessions.session import Session


async def list_member_sessions(
    tx: Transaction, clock: Clock, user_id: UUID, *, before: UUID | None = None, limit: int
) -> list[Session]:
    """At most so many of a member's living sessions here, the latest first. Refused with MemberNotFound."""
    await get_member(tx, user_id)
    return await list_sessions(tx, clock, user_id, before=before, limit=limit)
