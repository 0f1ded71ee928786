"""SwitchOrganization: a session in another organisation of the person, without a second sign-in."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.rpc.context import Call
from identity.errors import RefreshTokenInvalid, RefreshTokenReused
from identity.roles.membership import require_member
from identity.sessions import sql
from identity.sessions.device import Device
from identity.sessions.end_session import end_session
from identity.sessions.refresh_token import new_refresh_token
from identity.sessions.session import EndReason, Session, Verdict, judge
from identity.sessions.sign_in import OpenSession


async def switch_organization(
    database: Database, call: Call, clock: Clock, token: sql.KnownToken, organization: UUID, *, device: Device
) -> OpenSession:
    """A new session, of the age of the token's own. A token that was used before ends its session, as in a refresh.

    Refused with RefreshTokenInvalid, RefreshTokenReused, NotAMember and OrganizationNotActive.
    """

    async def find(tx: Transaction) -> Session | None:
        return await sql.select_session(tx, token.session_id)

    session = await database.read(call, find, organization=token.organization_id)
    verdict = judge(session, token.generation, clock.now()) if session else Verdict.INVALID
    if verdict is Verdict.REUSED:
        await database.write(
            call,
            lambda tx: end_session(tx, clock, token.session_id, EndReason.TOKEN_REUSED, call.rpc),
            organization=token.organization_id,
        )
        raise RefreshTokenReused
    if session is None or verdict is Verdict.INVALID:
        raise RefreshTokenInvalid
    return await database.write(call, lambda tx: _open(tx, clock, session, device), organization=organization)


async def _open(tx: Transaction, clock: Clock, session: Session, device: Device) -> OpenSession:
    await require_member(tx, session.user_id)
    refresh = new_refresh_token()
    new = sql.NewSession(clock.new_id(), session.user_id, session.epoch, session.absolute_expire_time, device)
    opened = await sql.insert_session(tx, new, refresh.hash, clock.now())
    if not opened.is_of_epoch:
        raise RefreshTokenInvalid
    return OpenSession(tx.organization, opened, refresh.secret)
