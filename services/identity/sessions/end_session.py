"""EndSession: a session ends before its time, and those who may still hold its tokens are told."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging import outbox
from identity.errors import SessionNotFound
from identity.organizations.sql import raise_version
from identity.sessions import sql
from identity.sessions.events import session_ended
from identity.sessions.session import EndReason
from identity.tokens.revocation import Kind
from identity.tokens.sql import revoke


async def end_session(tx: Transaction, clock: Clock, session_id: UUID, reason: EndReason, cause: str) -> None:
    """End the session and write SessionEnded. One that is over already stays as it is, and nothing is told."""
    now = clock.now()
    if await sql.end(tx, session_id, reason, now):
        await revoke(tx, Kind.SESSION, session_id, now)
        version = await raise_version(tx)
        await outbox.write(tx, [session_ended(tx, clock, version, session_id, cause)])


async def end_own_session(tx: Transaction, clock: Clock, user_id: UUID, session_id: UUID, cause: str) -> None:
    """End one of a person's sessions. Refused with SessionNotFound when it is somebody else's."""
    session = await sql.select_session(tx, session_id)
    if session is None or session.user_id != user_id:
        raise SessionNotFound(session_id)
    await end_session(tx, clock, session_id, EndReason.SIGNED_OUT, cause)
