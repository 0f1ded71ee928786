import uuid
from datetime import UTC, datetime
from uuid import UUID

from gateway.webhooks.deliveries import ENVELOPE_BYTES, NAMESPACE, Delivery, event_id, record
from gateway.webhooks.envelopes import MOST_CHARACTERS, Envelope
from gateway.webhooks.subjects import NOTHING, ORDER, STORE, Subject
from rappit.gateway.v1.events_pb2 import DeliveryKind, WebhookReceived

STORE_ID = "0192f3a4-0000-7000-8000-000000000001"
ORGANIZATION = UUID("0192f3a4-0000-7000-8000-00000000000a")
TRACEPARENT = f"00-{'1' * 32}-{'2' * 16}-00"
NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ENVELOPE = Envelope(b"", "orders/updated", "8a95126f", "shop.myshopify.com", {"x-shopify-api-version": "2024-10"})


def delivery(subject: Subject, body: bytes = b"{}", envelope: Envelope = ENVELOPE) -> Delivery:
    return Delivery(ORGANIZATION, STORE_ID, "shopify", envelope, subject, body)


def test_the_event_id_is_a_uuid_of_version_5() -> None:
    expected = uuid.uuid5(NAMESPACE, f'{STORE_ID}\norders/updated\n8a95126f\n{{"id": 1}}')

    assert event_id(STORE_ID, "orders/updated", "8a95126f", b'{"id": 1}') == expected


def test_only_a_repeat_has_the_same_event_id() -> None:
    first = event_id(STORE_ID, "orders/updated", "8a95126f", b'{"id": 1}')
    others = [
        event_id(str(ORGANIZATION), "orders/updated", "8a95126f", b'{"id": 1}'),
        event_id(STORE_ID, "orders/paid", "8a95126f", b'{"id": 1}'),
        event_id(STORE_ID, "orders/updated", "8a95126e", b'{"id": 1}'),
        event_id(STORE_ID, "orders/updated", "8a95126f", b'{"id": 2}'),
        event_id(STORE_ID, "orders/updated", "", b'8a95126f\n{"id": 1}'),
    ]

    assert event_id(STORE_ID, "orders/updated", "8a95126f", b'{"id": 1}') == first
    assert first not in others


def test_the_record_carries_the_signed_bytes_and_what_they_are_about() -> None:
    made = record(delivery(Subject(ORDER, "820982911946154508"), b"\x00\xff raw"), NOW, TRACEPARENT)

    assert made.body == b"\x00\xff raw"
    assert (made.kind, made.external_id) == (DeliveryKind.DELIVERY_KIND_ORDER, "820982911946154508")
    assert (made.store_id, made.provider, made.topic) == (STORE_ID, "shopify", "orders/updated")
    assert (made.delivery_id, dict(made.headers)) == ("8a95126f", {"x-shopify-api-version": "2024-10"})
    assert made.header.id == str(event_id(STORE_ID, "orders/updated", "8a95126f", b"\x00\xff raw"))
    assert made.header.organization_id == str(ORGANIZATION)
    assert made.header.aggregate_id == f"{STORE_ID}/order/820982911946154508"
    assert made.header.time.ToDatetime(UTC) == NOW
    assert made.header.traceparent == TRACEPARENT


def test_what_is_about_no_order_shares_one_key_per_store_and_kind() -> None:
    assert record(delivery(Subject(STORE, "")), NOW, "").header.aggregate_id == f"{STORE_ID}/store/"
    assert record(delivery(NOTHING), NOW, "").header.aggregate_id == f"{STORE_ID}/unreadable/"


def test_what_stands_around_a_body_has_its_room() -> None:
    """The limit on bodies is the limit on records less this room."""
    most = "\u00ff" * MOST_CHARACTERS
    envelope = Envelope(b"", most, most, most, {"x-shopify-api-version": most, "x-shopify-triggered-at": most})
    made = record(delivery(Subject(ORDER, "9" * 39), b"", envelope), NOW, TRACEPARENT)

    assert len(WebhookReceived.SerializeToString(made)) < ENVELOPE_BYTES
