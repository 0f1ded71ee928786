import asyncio
import base64
from typing import Any
from uuid import uuid4

import pytest

from gateway.webhooks import stores
from rappit.gateway.v1.events_pb2 import DeliveryKind
from rappit.orders.v1.events_pb2 import StoreChanged, StoreEvent
from rappit.orders.v1.store_pb2 import Provider, StoreState
from rappit.orders.v1.stores_pb2 import ResolveStoreResponse
from rappit.types.v1.event_header_pb2 import EventHeader
from tests.gateway.conftest import serving
from tests.gateway.neighbours import Neighbours
from tests.gateway.webhooks.deliveries_of_stores import BODY, Sender, in_kafka
from tests.given.log_lines import LogLines
from tests.given.samples_of_stores import sign

GOOD_DIGEST = base64.b64decode(sign("x", BODY))
BAD_SIGNATURES: dict[str, str | bytes] = {
    "missing": "",
    "short": base64.b64encode(GOOD_DIGEST[:31]).decode(),
    "long": base64.b64encode(GOOD_DIGEST + b"\0").decode(),
    "wrong": base64.b64encode(bytes(32)).decode(),
    "of another body": sign("x", BODY + b" "),
    "no base64": "not a signature at all!",
    "not ASCII": b"\xff\xfe" * 22,
    "very long": "A" * 20_000,
}


@pytest.mark.parametrize("name", BAD_SIGNATURES)
async def test_a_bad_signature_is_a_401_and_orders_gets_nothing(store: Sender, name: str) -> None:
    """Trap 10."""
    store.connect("x")

    answer = await store.send(signature=BAD_SIGNATURES[name])

    assert (answer.status_code, answer.json()["reason"]) == (401, "SIGNATURE_WRONG")
    assert store.gateway.log[-1]["event"] == "signature refused"
    assert store.accepted == []


async def test_bad_signatures_leave_nothing_in_kafka(kafka_store: Sender) -> None:
    """Trap 10. They would stand before the good one, which has the same key."""
    kafka_store.connect("x")
    for number, signature in enumerate(BAD_SIGNATURES.values()):
        assert (await kafka_store.send(signature=signature, delivery=str(number))).status_code == 401
    assert (await kafka_store.send(signature=sign("x", BODY), delivery="good")).status_code == 200

    assert [delivery.delivery_id for _, delivery in await in_kafka(kafka_store.gateway.kafka, 1)] == ["good"]
    assert kafka_store.accepted == []


async def test_a_signature_right_for_another_store_is_a_401(store: Sender) -> None:
    """Trap 10."""
    other = Sender(store.gateway, store.neighbours)

    assert (await store.send(signature=sign(other.secret, BODY))).status_code == 401
    assert (await store.send(path=other.path)).status_code == 401
    assert store.neighbours.seen("AcceptDelivery") == []


NO_STORES = (
    "shopify/{stranger} shopify/ shopify/x shopify/{id}/x shopify/{hex} shopify/{upper} woocommerce/{id} nobody/{id} "
    "{id} /{id}"
)


@pytest.mark.parametrize("address", ["", *NO_STORES.split(" ")])
async def test_an_address_that_no_store_has_is_a_401_like_a_wrong_signature(store: Sender, address: str) -> None:
    """Trap 10. Nobody learns which stores there are."""
    names = {"stranger": uuid4(), "id": store.id, "hex": store.id.replace("-", ""), "upper": store.id.upper()}

    answer = await store.send(path="/webhooks/" + address.format(**names))
    wrong = await store.send(signature=sign("wrong", BODY))

    assert {**answer.json(), "instance": "", "traceId": ""} == {**wrong.json(), "instance": "", "traceId": ""}
    assert answer.status_code == wrong.status_code == 401
    assert store.neighbours.seen("AcceptDelivery") == []


async def test_both_spellings_of_the_headers_are_taken(store: Sender) -> None:
    """Trap 10."""
    newer: dict[str, Any] = {
        "shopify_hmac_sha256": sign(store.secret, BODY),
        "shopify_topic": "orders/paid",
        "shopify_webhook_id": "7",
        "shopify_shop_domain": store.shop,
    }
    without: dict[str, Any] = dict.fromkeys(("x_shopify_topic", "x_shopify_webhook_id", "x_shopify_shop_domain"), "")

    assert (await store.send(signature="", **newer, **without)).status_code == 200
    assert (await store.send(shopify_topic="app/uninstalled")).status_code == 401
    (call,) = store.accepted
    assert (call.request.delivery.topic, call.request.delivery.delivery_id) == ("orders/paid", "7")


async def test_any_of_the_live_secrets_may_sign(store: Sender) -> None:
    store.connect("the new secret", store.secret)

    assert (await store.send()).status_code == 200
    assert (await store.send(signature=sign("the new secret", BODY))).status_code == 200


async def test_a_header_that_names_another_shop_is_refused(store: Sender) -> None:
    assert (await store.send(x_shopify_shop_domain="other.myshopify.com")).status_code == 401
    assert store.gateway.log[-1]["problem"] == "another shop"
    assert (await store.send(x_shopify_shop_domain=store.shop.upper())).status_code == 200
    assert (await store.send(x_shopify_shop_domain="")).status_code == 200


async def test_a_store_of_another_provider_is_not_at_this_address(store: Sender) -> None:
    """Trap 10. Each provider signs in its own way."""
    store.neighbours.stores[store.id].provider = Provider.PROVIDER_UNSPECIFIED

    assert (await store.send()).status_code == 401
    assert store.gateway.log[-1]["problem"] == "another provider"
    assert store.accepted == []


async def test_a_store_without_a_secret_takes_nothing(store: Sender) -> None:
    """Trap 10. Not even what the empty secret signs."""
    for secrets in ([], [""]):
        store.connect(*secrets)
        assert (await store.send(signature=sign("", BODY))).status_code == 401


@pytest.mark.parametrize("body", [b"", b"webhook_id=7", b'{"id": 8209829119461', b"\xff\x00", b"[" * 100_000])
async def test_a_signed_body_that_cannot_be_read_is_kept_and_answered_2xx(store: Sender, body: bytes) -> None:
    """Trap 48, the gateway's part."""
    assert (await store.send(body)).status_code == 200
    (call,) = store.accepted
    assert call.request.delivery.kind == DeliveryKind.DELIVERY_KIND_UNREADABLE
    assert call.request.delivery.header.aggregate_id == f"{store.id}/unreadable/"
    assert call.request.delivery.body == body


async def test_a_secret_changed_a_moment_ago_is_known(store: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "REREAD_SECONDS", 0.0)
    await store.send()
    store.connect("the new secret")

    assert (await store.send(signature=sign("the new secret", BODY))).status_code == 200
    assert (await store.send()).status_code == 401


async def test_a_forger_does_not_make_orders_work(store: Sender) -> None:
    for _ in range(20):
        await store.send(signature=sign("wrong", BODY))

    assert len(store.neighbours.seen("ResolveStore")) == 1


async def test_an_event_of_the_store_makes_a_replica_read_it_again(kafka_store: Sender) -> None:
    await kafka_store.send()
    kafka_store.connect("the new secret")
    kafka = kafka_store.gateway.kafka
    event = StoreEvent(header=EventHeader(aggregate_id=kafka_store.id), store_changed=StoreChanged())
    async with kafka.producer() as producer:
        await producer.send_and_wait(f"{kafka.prefix}{StoreEvent.DESCRIPTOR.full_name}", event.SerializeToString())

    async def is_refused() -> bool:
        return (await kafka_store.send()).status_code == 401

    async with asyncio.timeout(20):
        while not await is_refused():
            continue
    assert (await kafka_store.send(signature=sign("the new secret", BODY))).status_code == 200


async def test_a_store_that_cannot_be_asked_for_is_a_503_and_never_a_401(own_neighbours: Neighbours) -> None:
    """Trap 10. The reason is on our side."""
    async with serving(own_neighbours) as gateway:
        store = Sender(gateway, own_neighbours)
        await own_neighbours.close("orders")

        answers = [await store.send(), await store.send(signature=sign("wrong", BODY)), await store.send(signature="")]
    assert [answer.status_code for answer in answers] == [503, 503, 401]
    assert answers[0].headers["retry-after"] == "1"


async def test_a_store_that_orders_tells_wrongly_is_our_fault(store: Sender, log_lines: LogLines) -> None:
    store.neighbours.stores[store.id] = ResolveStoreResponse(organization_id="", webhook_secrets=[store.secret])

    assert (await store.send()).status_code == 500
    assert len(log_lines.of("internal fault")) == 1


async def test_a_disconnected_store_is_refused_like_an_unknown_one(store: Sender) -> None:
    """Trap 10. Its provider gives the subscription up, as the merchant wanted."""
    store.neighbours.stores[store.id].state = StoreState.STORE_STATE_DISCONNECTED
    store.neighbours.stores[store.id].ClearField("webhook_secrets")

    assert (await store.send()).status_code == 401
    assert store.gateway.log[-1]["problem"] == "disconnected"
    assert (await store.send(topic="shop/redact")).status_code == 401
    assert store.accepted == []


PRIVACY = ["customers/data_request", "customers/redact", "shop/redact"]


async def test_a_disconnected_store_is_heard_on_what_the_law_asks_and_on_nothing_else(store: Sender) -> None:
    """It comes 48 hours after the app is gone, signed by the secret of then."""
    store.neighbours.stores[store.id].state = StoreState.STORE_STATE_DISCONNECTED

    heard = [await store.send(topic=topic) for topic in PRIVACY]
    forged = [await store.send(topic=topic, signature=sign("wrong", BODY)) for topic in PRIVACY]
    others = [await store.send(topic=topic) for topic in ("orders/create", "app/uninstalled", "shop/update", "")]

    assert [answer.status_code for answer in (*heard, *forged, *others)] == [200] * 3 + [401] * 7
    assert [call.request.delivery.topic for call in store.accepted] == PRIVACY


async def test_a_store_that_may_leave_no_more_is_told_to_come_again(store: Sender) -> None:
    """Trap 49. 503 and not 401, so that it keeps its subscription; signed all the same."""
    store.neighbours.stores[store.id].intake_full = True

    full, forged = await store.send(), await store.send(signature=sign("wrong", BODY))
    of_the_store = [await store.send(topic=topic) for topic in ("app/uninstalled", "customers/redact", "shop/redact")]

    assert (full.status_code, full.headers["retry-after"]) == (503, "300")
    assert forged.status_code == 401
    assert [answer.status_code for answer in of_the_store] == [200] * 3
    assert {call.request.delivery.kind for call in store.accepted} == {DeliveryKind.DELIVERY_KIND_STORE}


async def test_only_post_is_taken(store: Sender) -> None:
    for method in ("GET", "PUT", "HEAD", "OPTIONS", "DELETE"):
        answer = await store.gateway.http.request(method, store.path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


async def test_what_is_secret_or_about_people_is_in_no_log(store: Sender, log_lines: LogLines) -> None:
    """Trap 7."""
    bad = sign("wrong", BODY)
    await store.send()
    await store.send(signature=bad)
    await store.send(path=f"/webhooks/shopify/{store.secret}")
    await store.send(topic=store.secret)

    written = log_lines.text + store.gateway.stream.getvalue()
    assert [
        each for each in (store.secret, sign(store.secret, BODY), bad, "jon@doe.ca", "Biller") if each in written
    ] == []
    assert [line["event"] for line in store.gateway.log[-4:]] == [
        "webhook accepted",
        "signature refused",
        "signature refused",
        "webhook accepted",
    ]
    assert store.gateway.log[-1]["topic"] == "another"
    assert "store_id" not in store.gateway.log[-2]
