"""SignOut: the caller's own session ends."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from identity.sessions.end_session import end_session
from identity.sessions.session import EndReason


async def sign_out(tx: Transaction, clock: Clock, session_id: UUID, cause: str) -> None:
    """End the session; one that has ended already stays as it is."""
    await end_session(tx, clock, session_id, EndReason.SIGNED_OUT, cause)
