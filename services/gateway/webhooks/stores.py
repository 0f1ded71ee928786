"""Stores by the id in their address, as orders resolves them, remembered for a while.

Fresh for five minutes; when orders cannot be asked, good for an hour. An event of the store forgets it at once. Before
a delivery is refused the store is read again, for its secret may be new, but only once in five seconds: a forger must
not make orders work.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.flights import Flights

FRESH_SECONDS = 300.0
STALE_SECONDS = 3600.0
REREAD_SECONDS = 5.0
# A store that takes nothing is looked at sooner: its deliveries are sent again and again meanwhile.
FULL_SECONDS = 30.0
# How long one delivery waits for its store. Providers give up after 5 s in all.
ASK_SECONDS = 1.2
MOST_STORES = 20_000
MOST_UNKNOWN = 20_000
# Stores never seen before that are asked for at the same time; made-up ids must not keep out the known ones.
MOST_STRANGERS = 64


@dataclass(frozen=True, slots=True)
class Store:
    """What is needed to take a store's deliveries."""

    organization: UUID
    provider: int
    shop: str
    secrets: tuple[bytes, ...]
    is_full: bool = False
    """Whether its organisation is suspended and has as many deliveries waiting as may wait."""
    is_disconnected: bool = False
    """Whether it is not taken from any more; its secrets, if any, sign what it asks for people alone."""


class StoresAway(Exception):
    """Orders could not be asked, and what is remembered is too old. A reason on our side."""


@dataclass(slots=True)
class _Known:
    store: Store
    read_at: float
    failed_at: float = float("-inf")


class Stores:
    """What the gateway knows of stores, by their ids in the one spelling that an address may have.

    `ask` answers None for an unknown one and raises StoresAway.
    """

    def __init__(
        self, ask: Callable[[str], Awaitable[Store | None]], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._now = now
        self._known: OrderedDict[str, _Known] = OrderedDict()
        # Ids that no store has, with when that was learnt.
        self._unknown: OrderedDict[str, float] = OrderedDict()
        self._flights: Flights[str, Store | None] = Flights()
        self._strangers = asyncio.Semaphore(MOST_STRANGERS)

    async def find(self, store_id: str) -> Store | None:
        """The store; None for an id that no store has. Raises StoresAway."""
        now = self._now()
        known = self._known.get(store_id)
        if known is None:
            learnt_at = self._unknown.get(store_id)
            if learnt_at is not None and now - learnt_at < REREAD_SECONDS:
                return None
            return await self._read(store_id)
        self._known.move_to_end(store_id)
        if now - known.read_at < (FULL_SECONDS if known.store.is_full else FRESH_SECONDS):
            return known.store
        try:
            return await self._reread(store_id, known)
        except StoresAway:
            if now - known.read_at < STALE_SECONDS:
                return known.store
            raise

    async def find_again(self, store_id: str, seen: Store) -> Store | None:
        """The store after `seen` did not fit a delivery: read anew unless that was just done. Raises StoresAway."""
        known = self._known.get(store_id)
        if known is None:
            return await self._read(store_id)
        if known.store is not seen or self._now() - known.read_at < REREAD_SECONDS:
            return known.store
        return await self._reread(store_id, known)

    def forget(self, store_id: str) -> None:
        """The store is other than it was, or new."""
        self._flights.void(store_id)
        self._known.pop(store_id, None)
        self._unknown.pop(store_id, None)

    def forget_organization(self, organization: UUID) -> None:
        """The organisation's stores may take more or less than they did."""
        for store_id in [each for each, known in self._known.items() if known.store.organization == organization]:
            self.forget(store_id)

    def doubt_all(self) -> None:
        """Events may have been missed: read each again at its next use, and keep it for when that cannot be done."""
        self._flights.void_all()
        self._unknown.clear()
        expired = self._now() - FRESH_SECONDS
        for known in self._known.values():
            known.read_at = min(known.read_at, expired)

    async def _reread(self, store_id: str, known: _Known) -> Store | None:
        if self._now() - known.failed_at < REREAD_SECONDS:
            raise StoresAway
        try:
            return await self._read(store_id)
        except StoresAway:
            known.failed_at = self._now()
            raise

    async def _read(self, store_id: str) -> Store | None:
        def keep(store: Store | None) -> None:
            if store is None:
                self._known.pop(store_id, None)
                self._unknown[store_id] = self._now()
                _shrink(self._unknown, MOST_UNKNOWN)
            else:
                self._unknown.pop(store_id, None)
                self._known[store_id] = _Known(store, self._now())
                _shrink(self._known, MOST_STORES)

        async def ask() -> Store | None:
            if store_id in self._known:
                return await self._ask(store_id)
            async with self._strangers:
                return await self._ask(store_id)

        try:
            async with asyncio.timeout(ASK_SECONDS):
                return await self._flights.join(store_id, ask, keep)
        except TimeoutError as error:
            raise StoresAway from error


def _shrink(entries: OrderedDict[str, _Known] | OrderedDict[str, float], most: int) -> None:
    while len(entries) > most:
        entries.popitem(last=False)
