"""ChangeShippingAddress."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.errors import OrderCancelled, OrderFulfilled
from orders.orders.change import Entry, settle
from orders.orders.load_orders import lock_order_as_seen
from orders.orders.order import Order
from orders.orders.save_changes import save_changes
from orders.orders.snapshot import Address


@dataclass(frozen=True)
class NewAddress:
    """A person's wish to send an order elsewhere, and why. `address`: None for where its store says.

    etag: of the order that they saw; empty for any.
    """

    order_id: UUID
    address: Address | None = field(repr=False)
    reason: str
    etag: str


async def change_shipping_address(tx: Transaction, clock: Clock, wish: NewAddress, actor: str, cause: str) -> Order:
    """Send what has not left yet to another address. No snapshot takes it back, and no event tells it: who needs it
    asks. Raises OrderNotFound, ChangedMeanwhile, OrderCancelled, and OrderFulfilled when nothing is left to send.
    """
    order = await lock_order_as_seen(tx, wish.order_id, wish.etag)
    if order.cancelled:
        raise OrderCancelled(order.id)
    if order.all_left:
        raise OrderFulfilled(order.id)
    after = replace(order, own_shipping_address=wish.address)
    if after == order:
        return order
    old, new = in_a_line(order.shipping_address), in_a_line(after.shipping_address)
    message = "the shipping address" if wish.address else "the shipping address is where its store says again"
    entry = Entry("ADDRESS_CHANGED", message, wish.reason, old, new)
    change = settle(order, after, [entry], actor=actor, cause=cause, now=clock.now())
    await save_changes(tx, clock, [change])
    return change.after


def in_a_line(address: Address | None) -> str:
    """An address as the timeline shows it; empty for none."""
    if address is None:
        return ""
    town = f"{address.postal_code} {address.city}".strip()
    parts = (address.name, address.company, address.line1, address.line2, town, address.region, address.country_code)
    return ", ".join(part for part in (*parts, address.phone) if part)
