"""PlaceHold."""

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.errors import OrderCancelled
from orders.holds import sql
from orders.orders.change import Entry, settle
from orders.orders.hold import HoldReason
from orders.orders.load_orders import lock_order_as_seen
from orders.orders.order import Order
from orders.orders.save_changes import save_changes


@dataclass(frozen=True)
class NewHold:
    """A hold to be placed. `owner`: who is to resolve it. `etag`: of the order that was seen; empty for any."""

    order_id: UUID
    reason: HoldReason
    owner: str
    note: str
    etag: str


async def place_hold(tx: Transaction, clock: Clock, new: NewHold, actor: str, cause: str) -> Order:
    """Keep an order from leaving. The first hold is told to other services, for whom an order is on hold or is not.

    Raises OrderNotFound, OrderCancelled, ChangedMeanwhile.
    """
    order = await lock_order_as_seen(tx, new.order_id, new.etag)
    if order.cancelled:
        raise OrderCancelled(order.id)
    now = clock.now()
    values = (order.id, clock.new_id(), new.reason, new.owner, new.note, actor, now)
    await tx.execute(sql.INSERT, (tx.organization, *values))
    entry = Entry("HOLD_PLACED", f"on hold: {new.reason}" + (f", for {new.owner}" if new.owner else ""), new.note)
    after = replace(order, hold_count=order.hold_count + 1)
    change = settle(order, after, [entry], actor=actor, cause=cause, now=now)
    await save_changes(tx, clock, [change])
    return change.after
