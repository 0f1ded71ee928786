import json

import pytest

from gateway.webhooks.providers import SHOPIFY
from gateway.webhooks.subjects import NOTHING, ORDER, PRODUCT, STORE, Subject, find_subject
from tests.given.samples_of_stores import sample


def subject(topic: str, body: bytes | object) -> Subject:
    return find_subject(SHOPIFY.places, topic, body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("orders/create", "orders-create"),
        ("orders/edited", "orders-edited"),
        ("refunds/create", "refunds-create"),
        ("fulfillments/create", "fulfillments-create"),
    ],
)
def test_everything_about_one_order_has_its_id(topic: str, name: str) -> None:
    """So that it stands in one lane, whatever the topic calls the field."""
    assert subject(topic, sample(f"hookdeck-2024-10-{name}.json")) == Subject(ORDER, "820982911946154500")


def test_ids_beyond_2_to_the_53_keep_every_digit() -> None:
    """Trap 17."""
    body = sample("official-2017-order-BYTES.json")

    assert 820982911946154508 > 2**53
    assert subject("orders/create", body) == Subject(ORDER, "820982911946154508")
    assert subject("orders/create", b'{"id": 9223372036854775807}').external_id == "9223372036854775807"
    assert subject("orders/create", b'{"id": 340282366920938463463374607431768211455}').external_id == str(2**128 - 1)


@pytest.mark.parametrize(
    ("topic", "body", "wanted"),
    [
        ("orders/delete", {"id": 820982911946154508}, Subject(ORDER, "820982911946154508")),
        ("products/update", {"id": 788032119674292922, "title": "Mug"}, Subject(PRODUCT, "788032119674292922")),
        ("orders/updated", {"id": "820982911946154508"}, Subject(ORDER, "820982911946154508")),
        ("fulfillment_events/create", {"id": 1, "order_id": 82098291194615450}, Subject(ORDER, "82098291194615450")),
        ("order_transactions/create", {"id": 1, "order_id": 82098291194615450}, Subject(ORDER, "82098291194615450")),
        ("returns/approve", {"id": 1, "order": {"id": 82098291194615450}}, Subject(ORDER, "82098291194615450")),
        ("orders/risk_assessment_changed", {"order_id": 82098291194615450}, Subject(ORDER, "82098291194615450")),
        ("app/uninstalled", {"id": 548380009, "name": "Shop"}, Subject(STORE, "")),
        ("shop/redact", b"not even JSON", Subject(STORE, "")),
    ],
)
def test_each_topic_says_where_its_id_stands(topic: str, body: object, wanted: Subject) -> None:
    assert subject(topic, body) == wanted


def test_a_privacy_request_is_about_the_store() -> None:
    assert subject("customers/redact", sample("customers-redact.json")) == Subject(STORE, "")


UNREADABLE_BODIES = {
    "empty": b"",
    "not JSON": b"webhook_id=7",
    "cut": b'{"id": 82098291194615',
    "not UTF-8": b'{"id": "\xff"}',
    "not UTF-8 where nobody looks": b'{"id": 1, "note": "\xff"}',
    "a list": b"[1]",
    "a number": b"820982911946154508",
    "null": b"null",
    "no id": b'{"name": "#1001"}',
    "null id": b'{"id": null}',
    "fraction": b'{"id": 820982911946154508.0}',
    "exponent": b'{"id": 8e17}',
    "true": b'{"id": true}',
    "negative": b'{"id": -1}',
    "zero": b'{"id": 0}',
    "words": b'{"id": "one"}',
    "Arabic digits": '{"id": "١٢"}'.encode(),
    "slash": b'{"id": "1/order/2"}',
    "half a character": b'{"id": "\\ud800"}',
    "an object": b'{"id": {"id": 1}}',
    "a number of 5,000 digits": b'{"id": ' + b"1" * 5_000 + b"}",
    "nested without end": b'{"id":' + b"[" * 200_000,
}


@pytest.mark.parametrize("name", UNREADABLE_BODIES)
def test_a_body_that_does_not_say_what_it_is_about_is_unreadable(name: str) -> None:
    assert subject("orders/create", UNREADABLE_BODIES[name]) == NOTHING


@pytest.mark.parametrize("topic", ["", "orders", "ORDERS/CREATE", "inventory_levels/update", "orders/create/../x"])
def test_a_topic_that_nobody_told_us_of_is_unreadable(topic: str) -> None:
    assert subject(topic, {"id": 1}) == NOTHING
