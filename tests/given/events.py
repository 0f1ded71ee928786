"""Events as their publishers write them, with as little in them as will do."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from chassis.messaging.envelope import EventMessage
from chassis.messaging.inbox import Received, received
from chassis.timestamps import timestamp
from rappit.orders.v1.events_pb2 import OrderChanged, OrderEvent
from rappit.types.v1.event_header_pb2 import EventHeader


def header(
    organization: UUID,
    aggregate: str | UUID,
    version: int = 1,
    *,
    traceparent: str = "",
    cause: str = "test",
    may_ignore: bool = False,
) -> EventHeader:
    """The header of a new event."""
    return EventHeader(
        id=str(uuid4()),
        organization_id=str(organization),
        aggregate_id=str(aggregate),
        aggregate_version=version,
        time=timestamp(datetime.now(UTC)),
        traceparent=traceparent,
        cause=cause,
        may_ignore=may_ignore,
    )


def order_event(organization: UUID, order: str | UUID, version: int = 1, *, traceparent: str = "") -> OrderEvent:
    """An order that wants nothing."""
    return OrderEvent(
        header=header(organization, order, version, traceparent=traceparent), order_changed=OrderChanged()
    )


def unknown_event(organization: UUID, order: str | UUID, *, may_ignore: bool = False) -> OrderEvent:
    """An order event with a payload that a later release brought."""
    later = b"\xfa\x7f\x00"  # field 2047, a message of no bytes
    return OrderEvent.FromString(
        OrderEvent(header=header(organization, order, may_ignore=may_ignore)).SerializeToString() + later
    )


def as_received(*events: EventMessage) -> list[Received]:
    """Events as a consumer reads them."""
    return [received(event) for event in events]
