"""An order: its greatest snapshot, what people decided here, and what inventory answered last."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from orders.orders.hold import HoldReason
from orders.orders.line import Line
from orders.orders.snapshot import Address, CancelReason, Snapshot

_MOST_REASONS = 5


class FulfillmentStatus(StrEnum):
    """Whether an order's stock is there."""

    NEW = "NEW"
    RESERVED = "RESERVED"
    SHORT = "SHORT"
    NOTHING_TO_SHIP = "NOTHING_TO_SHIP"
    CANCELLED = "CANCELLED"
    AWAITING_PAYMENT = "AWAITING_PAYMENT"


class StockState(StrEnum):
    """What inventory says of a demand."""

    RESERVED = "RESERVED"
    SHORT = "SHORT"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A cancel that was decided here. No snapshot takes it back."""

    time: datetime
    reason: CancelReason


@dataclass(frozen=True, slots=True)
class Answer:
    """The latest StockEvent: its revision, the order version that it answers, what it says; what lacks, in words."""

    revision: int
    version: int
    state: StockState
    shortage: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it is kept.

    store_id: None for one that was entered here; its store's name is empty then.
    hold_count: holds on it. store_holds: those of its store among them; released_store_holds: those that its store has
    still, and that were released here. high_risk: of fraud, as its store says. own_tags: tags given here.
    own_shipping_address: where it goes instead of where its store says.
    awaiting_payment: it is not paid, and holds nothing until it is.
    reservation_due: until when what it holds is held unpaid; None for ever.
    version: of what other services must do; grows with `wanted` alone. version_time: when came in what raised it.
    etag: grows with everything that can be seen.
    timeline_length: entries written so far, which is the position of the last.
    """

    id: UUID
    store_id: UUID | None
    store_name: str = field(compare=False)
    snapshot: Snapshot
    lines: tuple[Line, ...]
    create_time: datetime
    update_time: datetime
    version_time: datetime
    customer_id: UUID | None = None
    cancellation: Cancellation | None = None
    hold_count: int = 0
    store_holds: tuple[HoldReason, ...] = ()
    released_store_holds: tuple[HoldReason, ...] = ()
    high_risk: bool = False
    own_tags: tuple[str, ...] = ()
    own_shipping_address: Address | None = None
    awaiting_payment: bool = False
    reservation_due: datetime | None = None
    answer: Answer | None = None
    status: FulfillmentStatus = FulfillmentStatus.NEW
    short_reason: str = ""
    version: int = 0
    etag: int = 0
    timeline_length: int = 0

    @property
    def source(self) -> str:
        """Who gives out its external id, and what the timeline calls it."""
        return source(self.store_id)

    @property
    def key(self) -> tuple[str, str]:
        """Which order it is, to whoever gave out its external id."""
        return self.source, self.snapshot.external_id

    @property
    def shipping_address(self) -> Address | None:
        """Where it goes."""
        return self.own_shipping_address or self.snapshot.shipping_address

    @property
    def cancel_time(self) -> datetime | None:
        """When it was cancelled, here or by the store; what was decided here counts first."""
        return self.cancellation.time if self.cancellation else self.snapshot.cancel_time

    @property
    def cancel_reason(self) -> CancelReason | None:
        """Why it was cancelled."""
        return self.cancellation.reason if self.cancellation else self.snapshot.cancel_reason

    @property
    def cancelled(self) -> bool:
        """Whether it is cancelled, here or by the store."""
        return self.cancel_time is not None

    @property
    def unmapped_line_count(self) -> int:
        """Lines that take stock, and of what is not known."""
        return sum(line.unmapped for line in self.lines)

    @property
    def all_left(self) -> bool:
        """Whether something left, and nothing more is to."""
        return any(line.said.fulfilled for line in self.lines) and all(
            line.wanted <= line.said.fulfilled for line in self.lines
        )


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order as a list shows it: `order` has no lines, the counts are of those that it has."""

    order: Order
    line_count: int
    unmapped_line_count: int


def source(store_id: UUID | None) -> str:
    """Who gives out external ids of orders: a store, or whoever enters them here."""
    return f"store:{store_id}" if store_id else "manual"


def with_status(order: Order) -> Order:
    """The order with its fulfilment status, and the reason in words where it is SHORT.

    Lines without an item are waited for like stock: an order with one is never RESERVED, and it is SHORT at once when
    no other line takes stock, for then inventory has nothing to answer.
    """
    status, reason = _status(order)
    return replace(order, status=status, short_reason=reason)


def _status(order: Order) -> tuple[FulfillmentStatus, str]:
    if order.cancelled:
        return FulfillmentStatus.CANCELLED, ""
    waiting = [line for line in order.lines if line.open]
    unmapped = [line for line in waiting if line.unmapped]
    if not waiting:
        return FulfillmentStatus.NOTHING_TO_SHIP, ""
    if order.awaiting_payment:
        return FulfillmentStatus.AWAITING_PAYMENT, ""
    answer = order.answer if order.answer and order.answer.version == order.version else None
    if answer is None and len(unmapped) < len(waiting):
        return FulfillmentStatus.NEW, ""
    short = [answer.shortage] if answer and answer.shortage and len(unmapped) < len(waiting) else []
    if short or unmapped:
        return FulfillmentStatus.SHORT, some([*short, *map(_without_item, unmapped)])
    return FulfillmentStatus.RESERVED, ""


def _without_item(line: Line) -> str:
    if line.candidates:
        return f"the SKU {line.sku} may mean {' or '.join(line.candidates)}"
    return f"no item has the SKU {line.sku}" if line.sku else "a line without SKU has no item"


def some(reasons: Iterable[str]) -> str:
    """Reasons as one text that stays short however many there are."""
    distinct = list(dict.fromkeys(reasons))
    more = [f"and {len(distinct) - _MOST_REASONS} more"] if len(distinct) > _MOST_REASONS else []
    return "; ".join(distinct[:_MOST_REASONS] + more)
