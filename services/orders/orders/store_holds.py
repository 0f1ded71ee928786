"""Holds that stores place: for what they say of an order, and until they say so no more."""

from dataclasses import replace

from orders.orders.hold import HoldReason
from orders.orders.order import Order

OWNER = "store"


def said_holds(order: Order) -> dict[HoldReason, str]:
    """Why nothing of an order is to leave for now, as its store has it, with each reason in words.

    Where nothing is to leave any more, there is nothing to hold. An order that was entered here has no store.
    """
    if order.store_id is None or order.cancelled or not any(line.open for line in order.lines):
        return {}
    said: dict[HoldReason, str] = {}
    if order.snapshot.unpaid:
        said[HoldReason.PAYMENT] = "it is not paid"
    elif order.snapshot.on_hold:
        said[HoldReason.OTHER] = "its store has it on hold"
    if order.high_risk:
        said[HoldReason.FRAUD] = "its store says that the risk of fraud is high"
    return said


def with_store_holds(order: Order) -> Order:
    """The order with the holds that its store has on it. One that was released here stays so while the store says the
    same: it is placed again when the store lifted it and then says it anew.
    """
    said = said_holds(order)
    released = tuple(sorted(set(order.released_store_holds) & said.keys()))
    holds = tuple(sorted(said.keys() - set(released)))
    count = order.hold_count - len(order.store_holds) + len(holds)
    return replace(order, store_holds=holds, released_store_holds=released, hold_count=count)


def released_here(order: Order, reason: HoldReason) -> Order:
    """The order without a hold of its store, which somebody here released."""
    return replace(
        order,
        hold_count=order.hold_count - 1,
        store_holds=tuple(held for held in order.store_holds if held is not reason),
        released_store_holds=tuple(sorted({*order.released_store_holds, reason})),
    )
