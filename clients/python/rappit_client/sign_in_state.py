"""The session that a client works in, and its tokens: refreshed before they end, by one call at a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from rappit_client.gen.errors import RefreshTokenInvalid, RefreshTokenReused
from rappit_client.rappit_error import NotSignedIn, RappitError
from rappit_client.session import Session

# An access token lives for minutes. From here on it is refreshed beside the calls, which still go out with it ...
REFRESHED_SECONDS = 60.0
# ... and from here on they wait: it must still be good when it arrives.
LEAST_SECONDS = 10.0
# A token that came less than this ago is good whatever the clock says: a wrong clock must not refresh at every call.
TRUSTED_SECONDS = 60.0

Keep = Callable[[Session | None], Awaitable[None]]


class SignInState:
    """The session, and its one refresh at a time: a refresh token is good for one use.

    refresh: gives the next session for a refresh token. keep: is told each session, and None at its end, before any
    call goes on with it.
    """

    def __init__(
        self, session: Session | None, refresh: Callable[[str], Awaitable[Session]], keep: Keep | None
    ) -> None:
        self.session = session
        self._refresh = refresh
        self._keep = keep
        self._trusted_until = 0.0
        self._flight: asyncio.Task[Session] | None = None

    async def change(self, session: Session | None) -> None:
        """Go on with this session, or with none."""
        self.session = session
        self._trusted_until = time.monotonic() + TRUSTED_SECONDS
        if self._keep is not None:
            await self._keep(session)

    async def token(self) -> str:
        """The access token for a call. Raises NotSignedIn, or what the refresh raises that cannot be done without."""
        session = self.session
        if session is None:
            raise NotSignedIn("nobody is signed in: call sign_in first")
        left = (session.access_ends - datetime.now(UTC)).total_seconds()
        if left > REFRESHED_SECONDS or time.monotonic() < self._trusted_until:
            return session.access_token
        flight = self._refreshing(session)
        return session.access_token if left > LEAST_SECONDS else (await asyncio.shield(flight)).access_token

    async def token_instead_of(self, refused: str) -> str:
        """The access token after one that was refused: another call may have refreshed it already."""
        session = self.session
        if session is None:
            raise NotSignedIn("the session has ended: call sign_in again")
        if session.access_token != refused:
            return session.access_token
        return (await asyncio.shield(self._refreshing(session))).access_token

    async def close(self) -> None:
        """Wait for the refresh that is under way: its answer is the only one there is."""
        if self._flight is not None:
            await asyncio.wait([self._flight])

    def _refreshing(self, session: Session) -> "asyncio.Task[Session]":
        if self._flight is None or self._flight.done():
            # A task of its own: a call that is cancelled, or whose time is over, must not lose the new tokens.
            self._flight = asyncio.create_task(self._next(session))
            self._flight.add_done_callback(_noticed)
        return self._flight

    async def _next(self, session: Session) -> Session:
        try:
            refreshed = await self._refresh(session.refresh_token)
        except (RefreshTokenInvalid, RefreshTokenReused) as refusal:
            if self.session is session:
                await self.change(None)
            raise NotSignedIn("the session has ended: call sign_in again") from refusal
        if self.session is session:
            await self.change(refreshed)
        if self.session is None:
            raise NotSignedIn("signed out meanwhile")
        return self.session


def _noticed(flight: "asyncio.Task[Session]") -> None:
    """A refresh that nobody waits for may fail: the next call meets that again. What `keep` raises is for the loop."""
    error = None if flight.cancelled() else flight.exception()
    if error is not None and not isinstance(error, RappitError):
        told = {"message": "a refreshed session could not be kept", "exception": error, "task": flight}
        flight.get_loop().call_exception_handler(told)
