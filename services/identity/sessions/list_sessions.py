"""ListSessions."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.sessions import sql
from identity.sessions.session import Session

_LAST = UUID(int=2**128 - 1)


async def list_sessions(
    tx: Transaction, clock: Clock, user_id: UUID, *, before: UUID | None = None, limit: int
) -> list[Session]:
    """At most so many of a person's living sessions in the organisation, the latest first."""
    return await sql.sessions_of(tx, user_id, clock.now(), before or _LAST, limit)
