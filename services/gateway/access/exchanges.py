"""A person's access token exchanged for the token of one service (terms of RFC 8693), remembered while it lives.

What is remembered is found by a digest, so that no access token stays in memory. What ends before its time, a session,
a person's access or an organisation's, is forgotten at once; when that event cannot be heard, the list of what ended is
read twice a minute (revocations.py), and no exchange lives longer than a minute.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID

from chassis.errors import NotAuthenticated
from gateway.flights import Flights

MOST_EXCHANGES = 50_000
MOST_ENDED = 50_000
# The call must still reach its service with it, through that service's retries.
LEAST_LEFT_SECONDS = 10.0
# How long the end of a session is remembered: longer than any exchange that was under way lives.
ENDED_SECONDS = 120.0


class Exchanged(NamedTuple):
    """A token that one service accepts."""

    token: str
    user_id: UUID
    organization: UUID
    session_id: UUID
    expires: float
    """Seconds since 1970."""
    permissions: frozenset[str]
    """What the person may do."""


class Revoked(NamedTuple):
    """Whose access ended or changed before their tokens did."""

    sessions: frozenset[UUID] = frozenset()
    users: frozenset[UUID] = frozenset()
    organizations: frozenset[UUID] = frozenset()

    def holds(self, person: Exchanged) -> bool:
        """Whether the person is among them."""
        return (
            person.session_id in self.sessions
            or person.user_id in self.users
            or person.organization in self.organizations
        )


class _Key(NamedTuple):
    digest: bytes
    audience: str


class Exchanges:
    """Tokens for services. `ask` exchanges; it raises a refusal: identity's own, or UnavailableForNow."""

    def __init__(self, ask: Callable[[str, str], Awaitable[Exchanged]], now: Callable[[], float] = time.time) -> None:
        self._ask = ask
        self._now = now
        self._kept: OrderedDict[_Key, Exchanged] = OrderedDict()
        self._ended: OrderedDict[UUID, float] = OrderedDict()
        self._flights: Flights[_Key, Exchanged] = Flights()

    async def exchanged(self, access_token: str, audience: str) -> Exchanged:
        """Who calls, and the token with which the person calls the service `audience`. Raises a Refusal."""
        key = _key(access_token, audience)
        kept = self._kept.get(key)
        if kept is not None and kept.expires - self._now() > LEAST_LEFT_SECONDS:
            self._kept.move_to_end(key)
            return kept
        exchanged = await self._flights.join(
            key, lambda: self._ask(access_token, audience), lambda answer: self._keep(key, answer)
        )
        if exchanged.session_id in self._ended:
            raise NotAuthenticated("the session has ended")
        return exchanged

    def forget(self, access_token: str, audience: str) -> None:
        """The service did not accept the token."""
        key = _key(access_token, audience)
        self._flights.void(key)
        self._kept.pop(key, None)

    def revoke(self, revoked: Revoked) -> None:
        """Forget what was exchanged for them; what is on its way is not kept, and an ended session refused."""
        if not any(revoked):
            return
        now = self._now()
        self._ended.update(dict.fromkeys(revoked.sessions, now + ENDED_SECONDS))
        while self._ended and (len(self._ended) > MOST_ENDED or next(iter(self._ended.values())) < now):
            self._ended.popitem(last=False)
        # Whose answers they are is not known before they are here.
        self._flights.void_all()
        for key in [key for key, kept in self._kept.items() if revoked.holds(kept)]:
            del self._kept[key]

    def forget_all(self) -> None:
        """Ends of sessions may have been missed."""
        self._flights.void_all()
        self._kept.clear()

    def _keep(self, key: _Key, exchanged: Exchanged) -> None:
        if exchanged.session_id not in self._ended:
            self._kept[key] = exchanged
            self._kept.move_to_end(key)
            if len(self._kept) > MOST_EXCHANGES:
                self._kept.popitem(last=False)


def _key(access_token: str, audience: str) -> _Key:
    return _Key(hashlib.sha256(access_token.encode()).digest(), audience)
