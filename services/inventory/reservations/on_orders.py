"""Orders' events in: what an order wants becomes what is reserved for it."""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.errors import Refusal
from chassis.messaging.envelope import Message
from inventory.reservations.demand import Owner
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.wish import Asker, Want, WantedLine, Wish
from inventory.stock.level import Mover
from rappit.orders.v1.events_pb2 import OrderEvent, OrderEventLine

ORDERS = Mover("service:orders")


async def on_orders(clock: Clock, tx: Transaction, messages: Sequence[Message[OrderEvent]]) -> None:
    """Move what is reserved to what the orders want, as one batch."""
    outcomes = await reserve_stock(tx, clock, [_wish(message) for message in messages])
    for outcome in outcomes:
        # An order's event is never short of stock for a reason to refuse it: its ids are wrong.
        if isinstance(outcome, Refusal):
            raise outcome


def _wish(message: Message[OrderEvent]) -> Wish:
    changed = message.event.order_changed
    lines = tuple(map(_line, changed.lines))
    want = Want(Owner.ORDERS, message.version, lines, cancelled=changed.cancelled)
    return Wish(UUID(message.aggregate_id), want, Asker(ORDERS, cause=str(message.id)))


def _line(line: OrderEventLine) -> WantedLine:
    fulfilled_at = tuple(
        (UUID(place.warehouse_id) if place.warehouse_id else None, place.quantity) for place in line.fulfilled_at
    )
    return WantedLine(line.line_id, UUID(line.item_id), line.wanted, fulfilled_at, line.claimed)
