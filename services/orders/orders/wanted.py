"""What other services must do for an order. Only when this changes does the order get a new version and an event."""

from typing import NamedTuple
from uuid import UUID

from orders.orders.order import Order


class WantedLine(NamedTuple):
    """A line that takes stock: its item, and units in all and those that left, cumulative."""

    line_id: UUID
    item_id: UUID
    wanted: int
    fulfilled: int


class Wanted(NamedTuple):
    """The whole wanted state. A line that is not named wants nothing; an order on hold keeps what is reserved."""

    cancelled: bool
    on_hold: bool
    lines: tuple[WantedLine, ...]


def wanted(order: Order) -> Wanted:
    """The whole wanted state of an order. Cancelled, or waiting for payment, it wants no more than what left.

    A line of which nothing is wanted is named too: else nobody would hear that its fulfilment was cancelled.
    """
    gives_back = order.cancelled or order.awaiting_payment
    lines = (
        WantedLine(line.id, line.item_id, line.said.fulfilled if gives_back else line.wanted, line.said.fulfilled)
        for line in order.lines
        if line.item_id is not None
    )
    return Wanted(order.cancelled, order.hold_count > 0, tuple(sorted(lines)))


def only_held_otherwise(before: Order, after: Order) -> bool:
    """Whether nothing but a hold makes the difference between what is wanted before and after."""
    return wanted(before)._replace(on_hold=False) == wanted(after)._replace(on_hold=False)
