"""SessionService."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.paging import next_token, page_from
from chassis.rpc.context import Context, current_call
from chassis.rpc.origin import origin_of
from chassis.sealing import Sealer
from chassis.telemetry.logs import get_logger
from identity.accounts.password_hasher import PasswordHasher
from identity.caller import calling_person
from identity.errors import RefreshTokenInvalid, RefreshTokenReused
from identity.sessions import messages
from identity.sessions.device import Device, device_of
from identity.sessions.end_all_sessions import end_all_sessions
from identity.sessions.end_session import end_own_session
from identity.sessions.list_sessions import list_sessions
from identity.sessions.refresh_session import refresh_session
from identity.sessions.refresh_token import hash_of
from identity.sessions.session import Session
from identity.sessions.session_tokens import session_tokens
from identity.sessions.sign_in import OpenSession, sign_in
from identity.sessions.sign_out import sign_out
from identity.sessions.sql import find_token
from identity.sessions.switch_organization import switch_organization
from identity.tokens.signing_key import current_key
from identity.tokens.signing_keys import SigningKeys
from rappit.identity.v1.sessions_pb2 import (
    EndAllSessionsRequest,
    EndAllSessionsResponse,
    EndSessionRequest,
    EndSessionResponse,
    ListSessionsRequest,
    ListSessionsResponse,
    RefreshSessionRequest,
    RefreshSessionResponse,
    SessionTokens,
    SignInRequest,
    SignInResponse,
    SignOutRequest,
    SignOutResponse,
    SwitchOrganizationRequest,
    SwitchOrganizationResponse,
)
from rappit.identity.v1.sessions_pb2_grpc import SessionServiceServicer

log = get_logger()


class Sessions(SessionServiceServicer):
    """Sessions of people."""

    def __init__(
        self, database: Database, clock: Clock, hasher: PasswordHasher, keys: SigningKeys, sealer: Sealer
    ) -> None:
        self.database = database
        self.clock = clock
        self.hasher = hasher
        self.keys = keys
        self.sealer = sealer

    async def SignIn(self, request: SignInRequest, context: Context) -> SignInResponse:
        attempt = messages.attempt(request, _device(context))
        opened = await sign_in(self.database, current_call(), self.clock, self.hasher, attempt)
        log.info("signed in", session_id=str(opened.session.id), user_id=str(opened.session.user_id))
        return SignInResponse(tokens=await self._tokens(opened))

    async def RefreshSession(self, request: RefreshSessionRequest, context: Context) -> RefreshSessionResponse:
        call = current_call()
        token = await self.database.look_up(call, lambda tx: find_token(tx, hash_of(request.refresh_token)))
        if token is None:
            raise RefreshTokenInvalid
        device = _device(context)

        async def effect(tx: Transaction) -> OpenSession | None:
            return await refresh_session(tx, self.clock, self.sealer, token, device=device, cause=call.rpc)

        opened = await self.database.write(call, effect, organization=token.organization_id)
        if opened is None:
            ids = {"session_id": str(token.session_id), "organization_id": str(token.organization_id)}
            log.warning("session ended, its refresh token came back", **ids)
            raise RefreshTokenReused
        return RefreshSessionResponse(tokens=await self._tokens(opened))

    async def SwitchOrganization(
        self, request: SwitchOrganizationRequest, context: Context
    ) -> SwitchOrganizationResponse:
        call, organization = current_call(), UUID(request.organization_id)
        token = await self.database.look_up(call, lambda tx: find_token(tx, hash_of(request.refresh_token)))
        if token is None:
            raise RefreshTokenInvalid
        opened = await switch_organization(
            self.database, call, self.clock, token, organization, device=_device(context)
        )
        return SwitchOrganizationResponse(tokens=await self._tokens(opened))

    async def SignOut(self, request: SignOutRequest, context: Context) -> SignOutResponse:
        call = current_call()
        person = calling_person(call)

        async def effect(tx: Transaction) -> SignOutResponse:
            await sign_out(tx, self.clock, person.session_id, call.rpc)
            return SignOutResponse()

        return await self.database.answer_once(call, SignOutResponse, effect)

    async def ListSessions(self, request: ListSessionsRequest, context: Context) -> ListSessionsResponse:
        call = current_call()
        person, filters = calling_person(call), "sessions"
        page = page_from(request.page_size, request.page_token, filters, [UUID])
        before = page.after[0] if page.after else None

        async def effect(tx: Transaction) -> list[Session]:
            return await list_sessions(tx, self.clock, person.user_id, before=before, limit=page.size + 1)

        found = await self.database.read(call, effect)
        shown = found[: page.size]
        return ListSessionsResponse(
            sessions=[messages.session_message(session, current=person.session_id) for session in shown],
            next_page_token=next_token(filters, shown[-1].id) if len(found) > len(shown) else "",
        )

    async def EndSession(self, request: EndSessionRequest, context: Context) -> EndSessionResponse:
        call = current_call()
        person, session_id = calling_person(call), UUID(request.session_id)

        async def effect(tx: Transaction) -> EndSessionResponse:
            await end_own_session(tx, self.clock, person.user_id, session_id, call.rpc)
            return EndSessionResponse()

        return await self.database.answer_once(call, EndSessionResponse, effect)

    async def EndAllSessions(self, request: EndAllSessionsRequest, context: Context) -> EndAllSessionsResponse:
        call = current_call()
        person = calling_person(call)
        keep = person.session_id if request.keep_current else None

        async def effect(tx: Transaction) -> EndAllSessionsResponse:
            await end_all_sessions(tx, self.clock, person.user_id, keep=keep, cause=call.rpc)
            return EndAllSessionsResponse()

        return await self.database.answer_once(call, EndAllSessionsResponse, effect)

    async def _tokens(self, opened: OpenSession) -> SessionTokens:
        now = self.clock.now()
        key = current_key(await self.keys.keys(), now)
        return messages.tokens_message(session_tokens(opened, key, self.clock.new_id(), now))


def _device(context: Context) -> Device:
    origin = origin_of(context)
    return device_of(origin.agent, origin.address)
