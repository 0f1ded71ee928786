"""Whether an order reserves stock before it is paid, and for how long."""

from dataclasses import replace
from datetime import UTC, datetime

from orders.orders.order import Order
from orders.stores.store import ReserveWhen, Store


def under_policy(order: Order, store: Store | None, now: datetime) -> Order:
    """The order as its store's policy has it; without a store it reserves at once.

    An unpaid order holds nothing where its store reserves on payment, and no longer than `unpaid_expiry` from when it
    came in where it reserves on order. A payment that comes later lets it reserve again.
    """
    if store is None or not order.snapshot.unpaid or order.cancelled:
        return replace(order, awaiting_payment=False, reservation_due=None)
    if store.reserve_when is ReserveWhen.ON_PAYMENT:
        return replace(order, awaiting_payment=True, reservation_due=None)
    due = order.create_time + store.unpaid_expiry if store.unpaid_expiry else None
    return replace(order, awaiting_payment=due is not None and due <= now, reservation_due=due)


def awaiting(order: Order) -> str:
    """Why an order that waits for payment holds nothing, in words."""
    if order.reservation_due is None:
        return "its store reserves stock when an order is paid"
    return f"not paid by {order.reservation_due.astimezone(UTC):%Y-%m-%d %H:%M} UTC: its stock was given back"


def policy_in_words(order: Order) -> str:
    """What its store's policy means to an unpaid order."""
    if order.reservation_due is not None:
        return f"holds stock until {order.reservation_due.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return "holds stock when it is paid" if order.awaiting_payment else "holds stock"
