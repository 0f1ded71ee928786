"""Orders as other services are told of them: the whole wanted state, by ids."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import new_header
from orders.orders.order import Order
from orders.orders.wanted import wanted
from rappit.orders.v1.events_pb2 import FulfilledAt, OrderChanged, OrderEvent, OrderEventLine


def order_event(tx: Transaction, clock: Clock, order: Order, cause: str) -> OrderEvent:
    """What other services must do for an order, as of its version."""
    state = wanted(order)
    return OrderEvent(
        header=new_header(tx, clock, order.id, order.version, cause),
        order_changed=OrderChanged(
            cancelled=state.cancelled,
            on_hold=state.on_hold,
            lines=[
                OrderEventLine(
                    line_id=str(line.line_id),
                    item_id=str(line.item_id),
                    wanted=line.wanted,
                    # No store says yet from which of our warehouses it sent.
                    fulfilled_at=[FulfilledAt(quantity=line.fulfilled)] if line.fulfilled else [],
                )
                for line in state.lines
            ],
        ),
    )
