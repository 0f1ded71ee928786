"""A verified delivery as the record that orders reads."""

import hashlib
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.messaging.kafka import PAYLOAD_BYTES
from gateway.webhooks.envelopes import Envelope
from gateway.webhooks.subjects import Subject
from rappit.gateway.v1.events_pb2 import WebhookReceived
from rappit.types.v1.event_header_pb2 import EventHeader

# The namespace of event ids of deliveries. It never changes: a repeat must get the id that it got before.
NAMESPACE = UUID("5b1c4a0e-7a56-5d6c-9f43-0c8a3d1f2e77")

# Headers, key and field names around a body; what is left of the limit on records is the body's.
ENVELOPE_BYTES = 8 * 1024
MOST_BODY_BYTES = PAYLOAD_BYTES - ENVELOPE_BYTES


class Delivery(NamedTuple):
    """A verified delivery and where it belongs."""

    organization: UUID
    store: str
    provider: str
    envelope: Envelope
    subject: Subject
    body: bytes


def event_id(store: str, topic: str, delivery_id: str, body: bytes) -> UUID:
    """UUIDv5 (RFC 9562, 5.5) of the delivery: the same whenever the same bytes come as the same delivery.

    The parts before the body end with a line feed, which no header can contain, so that no two deliveries share a name.
    """
    name = hashlib.sha1(NAMESPACE.bytes, usedforsecurity=False)
    name.update(f"{store}\n{topic}\n{delivery_id}\n".encode())
    name.update(body)
    return UUID(bytes=name.digest()[:16], version=5)


def record(delivery: Delivery, now: datetime, traceparent: str) -> WebhookReceived:
    """The record of a delivery; its key is the header's aggregate id."""
    store, envelope, subject = delivery.store, delivery.envelope, delivery.subject
    header = EventHeader(
        id=str(event_id(store, envelope.topic, envelope.delivery_id, delivery.body)),
        organization_id=str(delivery.organization),
        aggregate_id=f"{store}/{subject.lane}/{subject.external_id}",
        traceparent=traceparent,
        cause="webhook",
    )
    header.time.FromDatetime(now)
    return WebhookReceived(
        header=header,
        store_id=store,
        provider=delivery.provider,
        topic=envelope.topic,
        kind=subject.kind,
        external_id=subject.external_id,
        body=delivery.body,
        delivery_id=envelope.delivery_id,
        headers=envelope.kept,
    )
