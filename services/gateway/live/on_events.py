"""Events of the services as live updates: ids and versions, nothing else of them."""

from typing import Protocol
from uuid import UUID

from google.protobuf.message import Message

from gateway.live.streams import Streams
from rappit.gateway.v1.live_pb2 import LiveSubject, LiveUpdate
from rappit.identity.v1.events_pb2 import IdentityEvent
from rappit.inventory.v1.events_pb2 import StockEvent
from rappit.orders.v1.events_pb2 import OrderEvent, StoreEvent
from rappit.types.v1.event_header_pb2 import EventHeader

SUBJECTS: dict[type[Message], LiveSubject.ValueType] = {
    OrderEvent: LiveSubject.LIVE_SUBJECT_ORDER,
    StockEvent: LiveSubject.LIVE_SUBJECT_STOCK,
    StoreEvent: LiveSubject.LIVE_SUBJECT_STORE,
    IdentityEvent: LiveSubject.LIVE_SUBJECT_ORGANIZATION,
}


class _WithHeader(Protocol):
    @property
    def header(self) -> EventHeader: ...


def something_changed(streams: Streams, subject: LiveSubject.ValueType, event: _WithHeader) -> None:
    """Tell the organisation's people. Raises ValueError for an event of no organisation."""
    header = event.header
    update = LiveUpdate(
        subject=subject, id=header.aggregate_id, version=header.aggregate_version, change_time=header.time
    )
    streams.tell(UUID(header.organization_id), update)
