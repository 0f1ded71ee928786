"""Deliveries as WooCommerce sends them (woocommerce/includes/class-wc-webhook.php)."""

import json
from typing import Any

import httpx2
import pytest

from gateway.webhooks.providers import WOOCOMMERCE
from gateway.webhooks.subjects import NOTHING, ORDER, PRODUCT, Subject, find_subject
from rappit.orders.v1.store_pb2 import Provider
from tests.gateway.conftest import Served
from tests.gateway.neighbours import Neighbours
from tests.gateway.webhooks.deliveries_of_stores import Sender
from tests.given.samples_of_stores import sign
from tests.given.woocommerce_orders import placed

ORDER_PLACED = placed()
BODY = json.dumps(ORDER_PLACED).encode()
# Hash of the webhook and the second: two deliveries may share it.
DELIVERY = "d4d3b5e2f0a94d4d8b2a6f1c0e7b9a35"


class Woo(Sender):
    """A connected WooCommerce store."""

    def connect(self, *secrets: str) -> None:
        super().connect(*secrets)
        self.neighbours.stores[self.id].provider = Provider.PROVIDER_WOOCOMMERCE

    @property
    def path(self) -> str:
        return f"/webhooks/woocommerce/{self.id}"

    async def deliver(
        self, topic: str = "order.updated", body: bytes = BODY, signature: str | None = None, **headers: str
    ) -> httpx2.Response:
        """One delivery with all its headers."""
        sent: dict[str, Any] = {
            "user-agent": "WooCommerce/10.3 Hookshot (WordPress/6.8)",
            "content-type": "application/json",
            "x-wc-webhook-source": "https://souq.example.com/",
            "x-wc-webhook-topic": topic,
            "x-wc-webhook-resource": topic.split(".", maxsplit=1)[0],
            "x-wc-webhook-event": topic.rsplit(".", maxsplit=1)[-1],
            "x-wc-webhook-signature": sign(self.secret, body) if signature is None else signature,
            "x-wc-webhook-id": "7",
            "x-wc-webhook-delivery-id": DELIVERY,
            **headers,
        }
        return await self.gateway.http.post(self.path, content=body, headers=sent)

    async def ping(self, path: str = "", body: bytes = b"webhook_id=7", **headers: str) -> httpx2.Response:
        """What WooCommerce sends when a webhook is made: a form, nothing signed."""
        sent = {"content-type": "application/x-www-form-urlencoded", **headers}
        return await self.gateway.http.post(path or self.path, content=body, headers=sent)


@pytest.fixture
def woo(gateway: Served, neighbours: Neighbours) -> Woo:
    return Woo(gateway, neighbours)


async def test_a_signed_delivery_is_taken_with_its_topic_and_id(woo: Woo) -> None:
    assert (await woo.deliver()).status_code == 200

    (call,) = woo.accepted
    delivery = call.request.delivery
    assert (delivery.provider, delivery.topic, delivery.delivery_id) == ("woocommerce", "order.updated", DELIVERY)
    assert delivery.header.aggregate_id == f"{woo.id}/order/{ORDER_PLACED['id']}"
    assert delivery.body == BODY
    assert call.caller.organization == woo.organization


@pytest.mark.parametrize("signature", ["", "wrong", sign("another secret", BODY), sign("", BODY)])
async def test_a_delivery_that_is_not_signed_by_the_store_is_a_401(woo: Woo, signature: str) -> None:
    """Trap 10."""
    assert (await woo.deliver(signature=signature)).status_code == 401
    assert woo.accepted == []


async def test_two_deliveries_of_one_second_are_two(woo: Woo) -> None:
    """They have one delivery id; the topic or the body tells them apart."""
    later = json.dumps({**ORDER_PLACED, "status": "processing"}).encode()
    for topic, body in [("order.created", BODY), ("order.updated", BODY), ("order.updated", later)] * 2:
        assert (await woo.deliver(topic, body)).status_code == 200

    assert len({call.request.delivery.header.id for call in woo.accepted}) == 3


async def test_a_secret_signs_without_its_entities(woo: Woo) -> None:
    """WordPress shows the merchant `a&amp;b` and signs with `a&b`; each entity is read once."""
    for shown, signs in [
        ("tea &amp; coffee &lt;3", "tea & coffee <3"),
        ("&quot;quoted&#039; &#0062;&#x27;", "\"quoted' >'"),
        ("&amp;lt; &eacute; &nbsp; &", "&lt; &eacute; &nbsp; &"),
    ]:
        woo.connect(shown)
        woo.gateway.parts.stores.forget(woo.id)
        assert (await woo.deliver(signature=sign(signs, BODY))).status_code == 200
        assert (await woo.deliver(signature=sign(shown, BODY))).status_code == 401


async def test_a_ping_is_answered_200_and_leaves_no_trace(woo: Woo) -> None:
    """It decides whether the webhook is made at all."""
    answer = await woo.ping()

    assert (answer.status_code, answer.content) == (200, b"")
    assert woo.gateway.log[-1]["event"] == "webhook address tried"
    assert woo.neighbours.calls == []


async def test_a_ping_tells_nobody_which_stores_there_are(woo: Woo) -> None:
    """Trap 10."""
    stranger = await woo.ping("/webhooks/woocommerce/0192f3a4-0000-7000-8000-000000000001")

    assert (stranger.status_code, stranger.content) == (200, b"")
    assert woo.neighbours.seen("ResolveStore") == []


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("/webhooks/shopify/{id}", b"webhook_id=7", {}),
        ("/webhooks/woocommerce/x", b"webhook_id=7", {}),
        ("/webhooks/woocommerce/{id}", b"webhook_id=7&id=1", {}),
        ("/webhooks/woocommerce/{id}", b"webhook_id=", {}),
        ("/webhooks/woocommerce/{id}", b"webhook_id=7\n", {}),
        ("/webhooks/woocommerce/{id}", b"webhook_id=7", {"x-wc-webhook-signature": "wrong"}),
    ],
)
async def test_nothing_else_that_is_unsigned_is_a_ping(
    woo: Woo, path: str, body: bytes, headers: dict[str, str]
) -> None:
    """Trap 10."""
    assert (await woo.ping(path.format(id=woo.id), body, **headers)).status_code == 401


async def test_a_store_has_one_provider(woo: Woo, store: Sender) -> None:
    """Trap 10."""
    assert (await store.send(path=f"/webhooks/woocommerce/{store.id}")).status_code == 401
    assert (await woo.send(path=f"/webhooks/shopify/{woo.id}")).status_code == 401


@pytest.mark.parametrize(
    ("topic", "subject"),
    [
        ("order.created", Subject(ORDER, "9007199254740993")),
        ("order.updated", Subject(ORDER, "9007199254740993")),
        ("order.deleted", Subject(ORDER, "9007199254740993")),
        ("order.restored", Subject(ORDER, "9007199254740993")),
        ("product.updated", Subject(PRODUCT, "9007199254740993")),
        ("product.deleted", Subject(PRODUCT, "9007199254740993")),
        ("customer.created", NOTHING),
        ("action.woocommerce_add_to_cart", NOTHING),
    ],
)
def test_each_topic_says_what_it_is_about(topic: str, subject: Subject) -> None:
    """Trap 17. What is deleted has its id alone."""
    assert find_subject(WOOCOMMERCE.places, topic, b'{"id":9007199254740993}') == subject
