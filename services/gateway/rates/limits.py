"""What each caller may ask, and what it is told of that (draft-ietf-httpapi-ratelimit-headers-10)."""

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from chassis.errors import UnavailableForNow
from gateway.edge.visits import Visit
from gateway.errors import RateLimited
from gateway.rates.counts import Counts, window

WINDOW_SECONDS = 60
# What is left of the five seconds that a provider waits.
STORE_DELAY_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Quotas:
    """Requests in a minute: of one address, one person, one organisation; deliveries of one store."""

    address: int = 1_200
    account: int = 600
    organization: int = 6_000
    store: int = 60_000


class _Spent(NamedTuple):
    policy: str
    quota: int
    left: int
    seconds: int
    """Until there is more."""


class RateLimits:
    """Counts requests and refuses those past a quota."""

    def __init__(self, counts: Counts, quotas: Quotas, now: Callable[[], float] = time.time) -> None:
        self._counts = counts
        self._quotas = quotas
        self._now = now

    async def admit(self, visit: Visit, spenders: Mapping[str, str]) -> None:
        """Count a request for each spender, policy -> whose. Raises RateLimited; UnavailableForNow by setting."""
        spent = await self._spend(spenders)
        tightest = min(spent, key=lambda each: each.left / each.quota)
        policies = [f'"{each.policy}";q={each.quota};w={WINDOW_SECONDS}'.encode() for each in spent]
        before = visit.headers_out.get(b"ratelimit-policy")
        visit.headers_out[b"ratelimit-policy"] = b", ".join([*([before] if before else []), *policies])
        visit.headers_out[b"ratelimit"] = f'"{tightest.policy}";r={max(0, tightest.left)};t={tightest.seconds}'.encode()
        over = [each for each in spent if each.left < 0]
        if over:
            longest = max(over, key=lambda each: each.seconds)
            raise RateLimited(longest.policy, longest.quota, WINDOW_SECONDS, retry_after=longest.seconds)

    async def delay(self, store_id: str) -> None:
        """Count a store's delivery; past its quota it waits a little. It is never refused: stores give up then."""
        try:
            (spent,) = await self._spend({"store": store_id})
        except UnavailableForNow:
            return
        if spent.left < 0:
            await asyncio.sleep(STORE_DELAY_SECONDS)

    async def _spend(self, spenders: Mapping[str, str]) -> list[_Spent]:
        windows = [window(f"{policy}:{whose}", WINDOW_SECONDS, self._now()) for policy, whose in spenders.items()]
        counts = await self._counts.add(windows)
        return [
            _Spent(policy, quota, quota - count, math.ceil(each.ends_in))
            for policy, each, count in zip(spenders, windows, counts, strict=True)
            for quota in [getattr(self._quotas, policy)]
        ]
