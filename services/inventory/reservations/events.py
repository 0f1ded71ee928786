"""StockEvent: what a demand holds, in whole."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import new_header
from inventory.reservations.demand import ShortReason, State, Status
from inventory.reservations.messages import line_messages, owner_message
from inventory.reservations.wish import Asker
from rappit.inventory.v1.events_pb2 import (
    SHORT_REASON_INSUFFICIENT_STOCK,
    SHORT_REASON_NO_WAREHOUSE,
    SHORT_REASON_NOT_IN_ONE_WAREHOUSE,
    SHORT_REASON_RELEASED_BY_FORCE,
    SHORT_REASON_WITH_ORDER,
    DemandClosed,
    DemandReserved,
    DemandShort,
    ShortLine,
    StockEvent,
)

_REASONS = {
    ShortReason.INSUFFICIENT_STOCK: SHORT_REASON_INSUFFICIENT_STOCK,
    ShortReason.NO_WAREHOUSE: SHORT_REASON_NO_WAREHOUSE,
    ShortReason.WITH_ORDER: SHORT_REASON_WITH_ORDER,
    ShortReason.NOT_IN_ONE_WAREHOUSE: SHORT_REASON_NOT_IN_ONE_WAREHOUSE,
    ShortReason.RELEASED_BY_FORCE: SHORT_REASON_RELEASED_BY_FORCE,
}


def stock_event(tx: Transaction, clock: Clock, status: Status, asker: Asker) -> StockEvent:
    """What the demand holds after its latest revision, which is the event's version."""
    demand = status.demand
    header = new_header(tx, clock, demand.id, demand.revision, asker.cause)
    if asker.traceparent:
        header.traceparent = asker.traceparent
    event = StockEvent(header=header, order_version=demand.version, owner=owner_message(demand.owner))
    lines = line_messages(status.lines)
    match status.state:
        case State.CLOSED:
            event.demand_closed.CopyFrom(DemandClosed(lines=lines, expired=demand.expired))
        case State.RESERVED:
            event.demand_reserved.CopyFrom(DemandReserved(lines=lines))
        case State.SHORT:
            event.demand_short.CopyFrom(DemandShort(lines=lines, short_lines=_short_lines(status)))
    return event


def _short_lines(status: Status) -> list[ShortLine]:
    return [
        ShortLine(line_id=line.line_id, item_id=str(line.item_id), missing=line.missing, reason=_REASONS[line.reason])
        for line in status.short_lines
    ]
