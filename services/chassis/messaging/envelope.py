"""What every event carries in front of its payload, on the way out and on the way in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, Self, TypeVar
from uuid import UUID

from google.protobuf.descriptor import Descriptor

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.telemetry import traces
from chassis.timestamps import timestamp
from rappit.types.v1.event_header_pb2 import EventHeader


class EventMessage(Protocol):
    """A message of an `events.proto`: a header, and mostly a oneof `event`."""

    DESCRIPTOR: Descriptor

    @property
    def header(self) -> EventHeader: ...

    def SerializeToString(self) -> bytes: ...  # noqa: N802

    @classmethod
    def FromString(cls, s: bytes, /) -> Self: ...  # noqa: N802


E_co = TypeVar("E_co", bound=EventMessage, covariant=True)


@dataclass(frozen=True, slots=True)
class Message(Generic[E_co]):
    """An event as its handler gets it, with the header's values in their own types.

    cause: what led to the event. Use `str(message.id)` as the cause of what the event leads to.
    """

    event: E_co
    id: UUID
    organization: UUID
    aggregate_id: str
    version: int
    time: datetime
    cause: str
    traceparent: str


# Event id -> traceparent of the events that are being handled: a batch goes on with as many traces as it came with.
_handled: ContextVar[Mapping[str, str]] = ContextVar("handled_events")


@contextmanager
def handling(traceparents: Mapping[str, str]) -> Iterator[None]:
    """While these events are handled, what names one of them as its cause goes on with its trace."""
    token = _handled.set(traceparents)
    try:
        yield
    finally:
        _handled.reset(token)


def new_header(
    tx: Transaction, clock: Clock, aggregate_id: str | UUID, version: int, cause: str, *, may_ignore: bool = False
) -> EventHeader:
    """The header of a new event of the transaction's organisation.

    cause: the id of the event that led to it, or the RPC's or job's name.
    may_ignore: whether a receiver that does not know the payload may pass over it.
    """
    return EventHeader(
        id=str(clock.new_id()),
        organization_id=str(tx.organization),
        aggregate_id=str(aggregate_id),
        aggregate_version=version,
        time=timestamp(clock.now()),
        traceparent=_handled.get({}).get(cause) or traces.current_traceparent(),
        cause=cause,
        may_ignore=may_ignore,
    )


def payload_name(event: EventMessage) -> str:
    """Name of what the event says: the field that is set in its oneof, or the message's own where it has no oneof.

    Empty when it says something that this code does not know.
    """
    oneof = event.DESCRIPTOR.oneofs_by_name.get("event")
    if oneof is None:
        return event.DESCRIPTOR.name
    return event.WhichOneof("event") or ""  # type: ignore[attr-defined]
