"""Deliveries as Shopify signs them and labels them."""

import json

import pytest

from simulator.shopify.webhook import headers
from simulator.shops.delivery import Delivery, body_of, signature
from tests.given.samples_of_stores import sent_headers, vectors

VECTORS = {vector["name"]: vector for vector in vectors()}
SECRET = "shpss_5f0e7c1d9a2b4c68"
DELIVERY = Delivery(
    shop="riyadh.myshopify.com",
    order="#1001",
    topic="orders/create",
    webhook_id="8a95126f-859a-4db9-b8f1-350e299e9ea0",
    event_id="0ba2a2c5-5b2f-4a1c-a07b-6d1f7d4b9c52",
    triggered_at="2026-11-02T11:02:00.290670000Z",
    body=b'{"id":1}',
)


@pytest.mark.parametrize("name", VECTORS)
def test_it_signs_as_published(name: str) -> None:
    """Trap 10."""
    vector = VECTORS[name]

    assert signature(vector["secret"], vector["bytes"]) == vector["expected"]


def test_its_headers_are_those_of_the_sample() -> None:
    sent = {name.lower(): value for name, value in headers(DELIVERY, SECRET).items()}
    sample = sent_headers("hookdeck-2024-10-orders-create")
    # x-shopify-test is only on test deliveries; event-id is of a later sample of shopify-app-js.
    wanted = {name for name in sample if name.startswith("x-shopify-")} - {"x-shopify-test"}

    assert {name for name in sent if name.startswith("x-shopify-")} == wanted | {"x-shopify-event-id"}
    for name in ("user-agent", "content-type", "x-shopify-api-version", "x-shopify-topic", "x-shopify-webhook-id"):
        assert sent[name] == sample[name]
    assert sent["x-shopify-hmac-sha256"] == signature(SECRET, DELIVERY.body)
    assert sent["x-shopify-shop-domain"] == "riyadh.myshopify.com"


def test_a_body_is_the_same_bytes_each_time_and_keeps_all_digits_and_letters() -> None:
    """Trap 17."""
    order = {"id": 6_400_123_456_789_012_345, "name": "#1001", "city": "الرياض"}
    body = body_of(order)

    assert body == body_of(json.loads(body))
    assert b"6400123456789012345" in body
    assert "الرياض".encode() in body
