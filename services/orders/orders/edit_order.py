"""EditOrder."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.mappings.find_items import find_items
from orders.orders.change import settle
from orders.orders.edit import LineChange, SetQuantity, edited
from orders.orders.load_orders import lock_order_as_seen
from orders.orders.order import Order
from orders.orders.save_changes import save_changes


@dataclass(frozen=True)
class Edit:
    """A person's wish to change lines, and why. `etag`: of the order that they saw; empty for any."""

    order_id: UUID
    changes: Sequence[LineChange]
    reason: str
    etag: str


async def edit_order(tx: Transaction, clock: Clock, edit: Edit, actor: str, cause: str) -> Order:
    """Change lines at once. No snapshot takes it back.

    Raises OrderNotFound, ChangedMeanwhile, OrderCancelled, LineNotFound, LineNotStocked, LineFulfilled.
    """
    # Locks on SKUs come before locks on orders.
    items = await find_items(tx, {change.sku for change in edit.changes if not isinstance(change, SetQuantity)})
    order = await lock_order_as_seen(tx, edit.order_id, edit.etag)
    after, entries = edited(order, edit.changes, edit.reason, items, clock.new_id)
    change = settle(order, after, entries, actor=actor, cause=cause, now=clock.now())
    await save_changes(tx, clock, [change])
    return change.after
