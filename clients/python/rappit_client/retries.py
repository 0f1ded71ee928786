"""Whether a call that failed is tried again, and after how long. Pure."""

import random
from dataclasses import dataclass
from typing import Any

from rappit_client.gen.errors import IdempotencyKeyInFlight, Overloaded
from rappit_client.rappit_error import RappitError, Refused, TimedOut, Unreachable
from rappit_client.rpc import Rpc

# Passes by itself, and the contract says: repeat it.
_PASSING_STATUSES = frozenset({502, 503, 504})
_PASSING = (Overloaded, IdempotencyKeyInFlight)


@dataclass(frozen=True)
class Retries:
    """How often a call is tried again within its time, and how long it waits, in seconds.

    Waits are drawn between half of and the whole of first_wait, doubled each time up to longest_wait, so that many
    clients do not come back at once. A server that says when to come back is never asked sooner.
    """

    most: int = 4
    first_wait: float = 0.1
    longest_wait: float = 2.0

    def wait_before(self, retry: int, failure: RappitError) -> float:
        """Seconds to wait before this retry, the first being 1."""
        whole = min(self.longest_wait, self.first_wait * 2.0 ** (retry - 1))
        drawn = random.uniform(whole / 2, whole)  # noqa: S311 (nobody gains by guessing it)
        return drawn if failure.retry_after is None else failure.retry_after.total_seconds() + drawn


def may_try_again(rpc: Rpc[Any], failure: RappitError) -> bool:
    """Whether another try may succeed and does no harm.

    An RPC that neither reads nor takes a key is tried again only when nothing of it had left.
    """
    if isinstance(failure, Refused):
        return rpc.may_repeat and (failure.status in _PASSING_STATUSES or isinstance(failure, _PASSING))
    if isinstance(failure, Unreachable) and not isinstance(failure, TimedOut):
        return rpc.may_repeat or not failure.maybe_done
    return False
