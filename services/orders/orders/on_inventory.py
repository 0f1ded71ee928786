"""StockEvents: what is reserved for orders."""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import Message
from orders.orders.apply_answer import Reserved, StockAnswer, apply_answer
from orders.orders.line import ReservedAt
from orders.orders.order import StockState
from orders.orders.shortage import ShortLine, ShortReason
from rappit.inventory.v1 import events_pb2, reservations_pb2
from rappit.inventory.v1.events_pb2 import StockEvent

_REASONS = {
    events_pb2.SHORT_REASON_INSUFFICIENT_STOCK: ShortReason.INSUFFICIENT_STOCK,
    events_pb2.SHORT_REASON_NO_WAREHOUSE: ShortReason.NO_WAREHOUSE,
    events_pb2.SHORT_REASON_WITH_ORDER: ShortReason.WITH_ORDER,
    events_pb2.SHORT_REASON_RELEASED_BY_FORCE: ShortReason.RELEASED_BY_FORCE,
    events_pb2.SHORT_REASON_NOT_IN_ONE_WAREHOUSE: ShortReason.NOT_IN_ONE_WAREHOUSE,
}


async def on_inventory(clock: Clock, tx: Transaction, messages: Sequence[Message[StockEvent]]) -> None:
    """Handle StockEvents. Demands of others than orders are none of ours."""
    ours = [message for message in messages if message.event.owner == reservations_pb2.DEMAND_OWNER_ORDERS]
    await apply_answer(tx, clock, [_answer(message) for message in ours])


def _answer(message: Message[StockEvent]) -> StockAnswer:
    event = message.event
    state, lines = _holds(event)
    return StockAnswer(
        order_id=UUID(message.aggregate_id),
        revision=message.version,
        order_version=event.order_version,
        state=state,
        reserved={UUID(line.line_id): Reserved(line.reserved, _places(line)) for line in lines},
        short_lines=[
            ShortLine(UUID(line.line_id), line.missing, _REASONS.get(line.reason, ShortReason.OTHER))
            for line in event.demand_short.short_lines
        ],
        cause=str(message.id),
        expired=event.demand_closed.expired,
    )


def _places(line: reservations_pb2.DemandLine) -> tuple[ReservedAt, ...]:
    return tuple(
        ReservedAt(UUID(place.warehouse_id), place.warehouse_code, place.quantity, place.why)
        for place in line.reserved_at
    )


def _holds(event: StockEvent) -> tuple[StockState, Sequence[reservations_pb2.DemandLine]]:
    match event.WhichOneof("event"):
        case "demand_reserved":
            return StockState.RESERVED, event.demand_reserved.lines
        case "demand_short":
            return StockState.SHORT, event.demand_short.lines
        case "demand_closed":
            return StockState.CLOSED, event.demand_closed.lines
        case unknown:
            raise ValueError(f"a StockEvent says {unknown}")
