"""RefreshSession: the next refresh token of a session for the one before it."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.sealing import Sealer
from identity.errors import RefreshTokenInvalid
from identity.roles.membership import require_member
from identity.sessions import sql
from identity.sessions.device import Device
from identity.sessions.end_session import end_session
from identity.sessions.refresh_token import new_refresh_token
from identity.sessions.session import EndReason, Session, Verdict, judge
from identity.sessions.sign_in import OpenSession


async def refresh_session(
    tx: Transaction, clock: Clock, sealer: Sealer, token: sql.KnownToken, *, device: Device, cause: str
) -> OpenSession | None:
    """The session with its live token: a new one, or within the grace the one that the first of several got.

    None: the token was used before, and the session ended for it; that is to be committed, then refused.
    Refused with RefreshTokenInvalid, NotAMember and OrganizationNotActive; then the token stays as good as it was.
    """
    successor = new_refresh_token()
    sealed = sealer.seal(successor.secret.encode(), _context(token, token.generation + 1))
    session = await sql.rotate(tx, token, successor.hash, sealed, clock.now(), device=device)
    if session is None:
        return await _answer_used(tx, clock, sealer, token, cause)
    await require_member(tx, session.user_id)
    return OpenSession(tx.organization, session, successor.secret)


async def _answer_used(
    tx: Transaction, clock: Clock, sealer: Sealer, token: sql.KnownToken, cause: str
) -> OpenSession | None:
    """What is due to a token that is not the live one. Read in a statement of its own, under the session's lock."""
    session = await sql.select_session(tx, token.session_id, lock=True)
    verdict = judge(session, token.generation, clock.now()) if session else Verdict.INVALID
    if session is None or verdict in {Verdict.INVALID, Verdict.ROTATE}:
        raise RefreshTokenInvalid
    if verdict is Verdict.REUSED:
        await end_session(tx, clock, session.id, EndReason.TOKEN_REUSED, cause)
        return None
    await require_member(tx, session.user_id)
    return OpenSession(tx.organization, session, _live_token(sealer, token, session))


def _live_token(sealer: Sealer, token: sql.KnownToken, session: Session) -> str:
    return sealer.open(session.sealed_token or b"", _context(token, session.generation)).decode()


def _context(token: sql.KnownToken, generation: int) -> str:
    """What a token is sealed for: it opens for no other session and no other generation."""
    return f"refresh token {generation} of session {token.session_id}"
