"""A delivery that was read, and what can be decided of it without looking anything up."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from orders.orders.snapshot import CancelReason, Rank, Snapshot
from orders.providers.read_delivery import AFTER_DELIVERIES
from orders.providers.reading import Deleted, Hint, PrivacyRequest, Reading, RiskAssessed, Uninstalled, WithoutEffect
from orders.stores.store import Store

_EPOCH = datetime.fromtimestamp(0, UTC)
_DIGEST_BYTES = 32


class OrderKey(NamedTuple):
    """Which order of which store."""

    store_id: UUID
    external_id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came in when, from which store, and what it says. Of the body, its size and digest are kept.

    said_time: when what it says happened, as far as the store says; no later than it came in.
    """

    event_id: UUID
    store: Store
    topic: str
    external_id: str
    time: datetime
    said_time: datetime
    body_bytes: int
    body_sha256: bytes
    reading: Reading = field(repr=False)

    @property
    def key(self) -> OrderKey:
        """The order that it is about."""
        return OrderKey(self.store.id, self.external_id)

    @property
    def snapshot(self) -> Snapshot | None:
        """The order as it is to be applied. What a hint holds is used while the store cannot be asked for more."""
        if isinstance(self.reading, Hint):
            return None if self.store.can_be_asked else self.reading.snapshot
        return self.reading if isinstance(self.reading, Snapshot) else None

    @property
    def outcome(self) -> str:
        """What it leads to, in words that name nobody."""
        words = "a snapshot of the order"
        match self.reading:
            case Hint(reason=reason):
                then = "the store is asked" if self.store.can_be_asked else "the store cannot be asked: no credentials"
                words = f"{reason}; {then}"
            case RiskAssessed(high=high):
                words = f"the risk of fraud is {'high' if high else 'not high'}"
            case Deleted():
                words = "the store deleted the order"
            case WithoutEffect(reason=reason):
                words = f"without effect: {reason}"
            case Uninstalled():
                words = "the app was uninstalled: the store needs new credentials"
            case PrivacyRequest(kind=kind):
                words = f"a privacy request: {kind}"
        return words


def disagree(one: Snapshot, other: Snapshot) -> bool:
    """Whether two snapshots are of one time and say different things: the store is to be asked which is so."""
    return at_one_time(one.rank.time, other.rank.time) and one != other


def at_one_time(one: datetime, other: datetime) -> bool:
    """Whether two times of a store are the same; what the store answered counts a little later than its time."""
    return abs(one - other) <= AFTER_DELIVERIES


def as_deleted(snapshot: Snapshot, delete_time: datetime) -> Snapshot:
    """A snapshot of an order that the store has deleted since: cancelled, and later than all that it said before.

    The former rank is in the digest in a form that sorts as it does, so that any order of arrival still ends the same.
    """
    former = _sortable(snapshot.rank)
    return replace(
        snapshot,
        rank=Rank(delete_time, cancelled=True, refunded=True, paid=True, closed=True, digest=former),
        cancel_time=snapshot.cancel_time or delete_time,
        cancel_reason=snapshot.cancel_reason or CancelReason.OTHER,
    )


def _sortable(rank: Rank) -> bytes:
    if len(rank.digest) > _DIGEST_BYTES:
        return rank.digest  # it was deleted before
    micros = (rank.time - _EPOCH) // timedelta(microseconds=1)
    flags = bytes([rank.cancelled, rank.refunded, rank.paid, rank.closed])
    return max(micros, 0).to_bytes(8) + flags + rank.digest
