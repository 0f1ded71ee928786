"""CancelOrder."""

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.errors import OrderFulfilled
from orders.orders.change import Entry, settle
from orders.orders.load_orders import lock_order_as_seen
from orders.orders.order import Cancellation, FulfillmentStatus, Order
from orders.orders.save_changes import save_changes
from orders.orders.snapshot import CancelReason


@dataclass(frozen=True)
class Cancel:
    """A person's wish to cancel an order. `etag`: of the order that they saw; empty for any."""

    order_id: UUID
    reason: CancelReason
    note: str
    etag: str


async def cancel_order(tx: Transaction, clock: Clock, cancel: Cancel, actor: str, cause: str) -> Order:
    """Cancel what has not left yet. No snapshot takes it back; a cancelled order stays as it is.

    Raises OrderNotFound, ChangedMeanwhile, and OrderFulfilled when nothing is left to cancel.
    """
    order = await lock_order_as_seen(tx, cancel.order_id, cancel.etag)
    if order.cancelled:
        return order
    if order.all_left:
        raise OrderFulfilled(order.id)
    now = clock.now()
    words = f"cancelled here: {cancel.reason}"
    entry = Entry("CANCELLED", words, cancel.note, order.status, FulfillmentStatus.CANCELLED)
    after = replace(order, cancellation=Cancellation(now, cancel.reason), reservation_due=None)
    change = settle(order, after, [entry], actor=actor, cause=cause, now=now)
    await save_changes(tx, clock, [change])
    return change.after
