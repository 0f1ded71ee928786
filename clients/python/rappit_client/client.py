"""The client: one per program and person, used by any number of tasks of one event loop at once."""

from dataclasses import replace
from importlib.metadata import version
from types import TracebackType
from typing import Self

import httpx2

from rappit.identity.v1.sessions_pb2 import RefreshSessionRequest, SignInRequest
from rappit_client.calls import Calls
from rappit_client.gen.contexts import Contexts
from rappit_client.gen.identity import REFRESH_SESSION
from rappit_client.retries import Retries
from rappit_client.session import Session
from rappit_client.sign_in_state import Keep, SignInState

# A refresh whose answer was lost may be repeated: identity gives a token's one successor again for ten seconds.
REFRESH_SECONDS = 8.0
_REFRESH = replace(REFRESH_SESSION, reads=True)


class RappitClient(Contexts):
    """RAPPIT at an address: `rappit.orders`, `rappit.inventory`, `rappit.identity` have its RPCs.

    address: where its gateway is, for example "http://localhost:8080".
    session: one that was kept; else call `sign_in`.
    keep_session: is awaited with each session, after signing in and after each refresh, and with None when it ends.
        Store it there: the refresh token that was stored before is good no more.
    timeout: seconds that a call may take in all, with its retries; each call may say otherwise.
    http: your own HTTP client, for proxies or certificates; you close it.
    """

    def __init__(
        self,
        address: str,
        *,
        session: Session | None = None,
        keep_session: Keep | None = None,
        timeout: float = 10.0,
        retries: Retries | None = None,
        http: httpx2.AsyncClient | None = None,
    ) -> None:
        self._http, self._is_own_http = (http, False) if http is not None else (_http_client(), True)
        self._state = SignInState(session, self._refreshed, keep_session)
        self._calls = Calls(address, self._http, self._state, timeout=timeout, retries=retries or Retries())
        super().__init__(self._calls)

    @property
    def session(self) -> Session | None:
        """The session that calls work in; None when nobody is signed in."""
        return self._state.session

    async def sign_in(self, *, email: str, password: str, organization_id: str = "") -> Session:
        """Opens a session, in which all calls work from now on. The client refreshes its tokens.

        organization_id: the one to work in (UUID); empty means the one joined first.
        Raises CredentialsWrong, TooManyAttempts (with retry_after), NotAMember, OrganizationNotActive.
        """
        request = SignInRequest(email=email, password=password, organization_id=organization_id)
        session = Session.of((await self.identity.sign_in(request)).tokens)
        await self._state.change(session)
        return session

    async def sign_out(self) -> None:
        """Ends the session, here and at RAPPIT. Raises NotSignedIn when there is none."""
        await self.identity.sign_out()
        await self._state.change(None)

    async def close(self) -> None:
        """Ends the connections. The session lives on: sign out to end it."""
        await self._state.close()
        if self._is_own_http:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _refreshed(self, refresh_token: str) -> Session:
        request = RefreshSessionRequest(refresh_token=refresh_token)
        return Session.of((await self._calls.call(_REFRESH, request, timeout=REFRESH_SECONDS)).tokens)


def _http_client() -> httpx2.AsyncClient:
    agent = f"rappit-client/{version('rappit-client')}"
    return httpx2.AsyncClient(headers={"user-agent": agent})
