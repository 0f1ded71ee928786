"""Public keys that are fetched from whoever signs with them, and kept for the time that he is away."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from chassis.errors import UnavailableForNow
from chassis.keys import public_keys
from chassis.telemetry.logs import get_logger

# A retired key is forgotten within this time, if its owner answers.
REFRESH_SECONDS = 300.0
# An unknown key id asks again, but however many forged tokens come, no more often than this.
SECONDS_BETWEEN_FETCHES = 5.0

Fetch: TypeAlias = Callable[[], Awaitable[str]]

log = get_logger()


class FetchedKeys:
    """The keys of one signer ("identity"), by key id."""

    def __init__(self, owner: str, fetch: Fetch, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """fetch: returns the JSON text of the key set, and bears its own deadline."""
        self._owner = owner
        self._fetch = fetch
        self._monotonic = monotonic
        self._keys: dict[str, Ed25519PublicKey] = {}
        self._fetched = self._tried = float("-inf")
        self._under_way: asyncio.Task[None] | None = None

    async def key(self, key_id: str) -> Ed25519PublicKey | None:
        """The key; None if the signer has none of this id. Raises UnavailableForNow if he cannot be asked."""
        found = self._keys.get(key_id)
        if found is None:
            # A caller that gives up must not take the answer away from the others.
            await asyncio.shield(self._refresh())
            found = self._keys.get(key_id)
        elif self._monotonic() - self._fetched > REFRESH_SECONDS:
            self._refresh()
        if found is None and self._fetched < self._tried:
            raise UnavailableForNow(self._owner)
        return found

    def _refresh(self) -> "asyncio.Future[None]":
        """The fetch that is under way or a new one, if it is time for it."""
        if self._under_way is None or self._under_way.done():
            if self._monotonic() - self._tried < SECONDS_BETWEEN_FETCHES:
                done = asyncio.get_running_loop().create_future()
                done.set_result(None)
                return done
            # Not in the context of the call that happens to need it: that has its own deadline and trace.
            self._under_way = asyncio.get_running_loop().create_task(self._fetch_once(), context=Context())
        return self._under_way

    async def _fetch_once(self) -> None:
        self._tried = self._monotonic()
        try:
            keys = public_keys(await self._fetch())
        except Exception as error:  # noqa: BLE001 (whatever it is, the keys that are there go on serving)
            log.warning("keys cannot be fetched", owner=self._owner, kept=len(self._keys), error=repr(error))
            return
        self._keys = keys
        self._fetched = self._tried
