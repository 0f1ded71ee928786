"""Deliveries on the wire, and out of the messages that they came as."""

import hashlib
from datetime import UTC
from uuid import UUID

from google.protobuf.message import DecodeError

from chassis.messaging.dead_letters import Outcome
from chassis.timestamps import timestamp
from orders.webhooks.list_deliveries import BEGINNING, DeliveryState, Facts, Filters, KeptDelivery
from rappit.gateway.v1.events_pb2 import WebhookReceived
from rappit.orders.v1 import delivery_pb2 as nouns
from rappit.orders.v1 import webhooks_pb2 as proto

_STATES = {
    DeliveryState.APPLIED: nouns.DELIVERY_STATE_APPLIED,
    DeliveryState.WAITING: nouns.DELIVERY_STATE_WAITING,
    DeliveryState.RETRYING: nouns.DELIVERY_STATE_RETRYING,
    DeliveryState.PARKED: nouns.DELIVERY_STATE_PARKED,
    DeliveryState.DISCARDED: nouns.DELIVERY_STATE_DISCARDED,
}
_BY_NUMBER = {number: state for state, number in _STATES.items()}
_NOBODYS = Facts(UUID(int=0), "", "", 0, b"")


def facts(message: bytes) -> Facts:
    """What a delivery that waits is; nothing where its bytes are none."""
    try:
        read = WebhookReceived.FromString(message)
        digest = hashlib.sha256(read.body).digest()
        return Facts(UUID(read.store_id), read.topic, read.external_id, len(read.body), digest)
    except (DecodeError, ValueError):
        return _NOBODYS


def filters(request: proto.ListDeliveriesRequest | proto.ParkedDeliveries) -> Filters:
    """What a request narrows its list to."""
    states = request.states if isinstance(request, proto.ListDeliveriesRequest) else ()
    return Filters(
        store_id=UUID(request.store_id) if request.store_id else None,
        topic=request.topic,
        topic_bytes=WebhookReceived(topic=request.topic).SerializeToString(),
        since=request.received_from.ToDatetime(UTC) if request.HasField("received_from") else BEGINNING,
        states=[_BY_NUMBER[state] for state in states],
    )


def delivery(kept: KeptDelivery) -> nouns.Delivery:
    """A delivery as operators see it."""
    return nouns.Delivery(
        id=str(kept.id),
        store_id=str(kept.store_id),
        topic=kept.topic,
        external_id=kept.external_id,
        state=_STATES[kept.state],
        outcome=kept.outcome,
        tries=kept.tries,
        receive_time=timestamp(kept.receive_time),
        body_bytes=kept.body_bytes,
        body_sha256=kept.body_sha256.hex(),
        order_id=str(kept.order_id) if kept.order_id else "",
    )


def delivery_result(outcome: Outcome) -> proto.DeliveryResult:
    """What came of a replay or discard."""
    return proto.DeliveryResult(
        delivery_id=str(outcome.id.event_id), done=outcome.done, failure=outcome.failure, changes=outcome.changes
    )
