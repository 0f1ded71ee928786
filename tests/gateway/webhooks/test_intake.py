import asyncio

from gateway.webhooks.deliveries import MOST_BODY_BYTES, event_id
from rappit.gateway.v1.events_pb2 import DeliveryKind
from tests.gateway.conftest import serving
from tests.gateway.neighbours import Neighbours
from tests.gateway.webhooks.deliveries_of_stores import BODY, ORDER, Sender, in_kafka
from tests.given.samples_of_stores import sample


async def test_a_signed_delivery_is_in_kafka_byte_for_byte_before_its_2xx(kafka_store: Sender) -> None:
    """Trap 17."""
    answer = await kafka_store.send()

    assert (answer.status_code, answer.content) == (200, b"")
    ((key, delivery),) = await in_kafka(kafka_store.gateway.kafka, 1)
    assert key == delivery.header.aggregate_id == f"{kafka_store.id}/order/{ORDER}"
    assert delivery.body == BODY
    assert delivery.header.organization_id == str(kafka_store.organization)
    assert (delivery.store_id, delivery.provider, delivery.topic) == (kafka_store.id, "shopify", "orders/updated")
    assert (delivery.kind, delivery.external_id) == (DeliveryKind.DELIVERY_KIND_ORDER, ORDER)
    assert delivery.headers["x-shopify-api-version"] == "2024-10"
    assert delivery.header.traceparent.split("-")[1] == answer.headers["traceparent"].split("-")[1]
    assert kafka_store.accepted == []
    line = kafka_store.gateway.log[-1]
    assert (line["event"], line["by"], line["topic"]) == ("webhook accepted", "kafka", "orders/updated")
    assert (line["store_id"], line["received"]) == (kafka_store.id, len(BODY))


async def test_all_about_one_order_has_one_key_and_a_repeat_one_id(kafka_store: Sender) -> None:
    edited = sample("hookdeck-2024-10-orders-edited.json").replace(b"820982911946154500", ORDER.encode())
    refunded = sample("hookdeck-2024-10-refunds-create.json").replace(b"820982911946154500", ORDER.encode())
    await asyncio.gather(*(kafka_store.send() for _ in range(5)))
    await kafka_store.send(edited, topic="orders/edited", delivery="2")
    await kafka_store.send(refunded, topic="refunds/create", delivery="3")

    found = await in_kafka(kafka_store.gateway.kafka, 7)
    assert {key for key, _ in found} == {f"{kafka_store.id}/order/{ORDER}"}
    assert len({delivery.header.id for _, delivery in found}) == 3
    assert str(event_id(kafka_store.id, "orders/edited", "2", edited)) in {delivery.header.id for _, delivery in found}


async def test_the_largest_body_is_taken(kafka_store: Sender) -> None:
    body = b'{"id": 1, "note": "' + b"x" * (MOST_BODY_BYTES - 21) + b'"}'
    assert len(body) == MOST_BODY_BYTES

    assert (await kafka_store.send(body)).status_code == 200
    assert (await in_kafka(kafka_store.gateway.kafka, 1))[0][1].body == body
    assert (await kafka_store.send(body + b" ")).status_code == 413


async def test_while_kafka_is_away_orders_takes_deliveries(store: Sender) -> None:
    """Trap 37, the gateway's part."""
    answer = await store.send()

    assert answer.status_code == 200
    (call,) = store.accepted
    assert call.request.delivery.body == BODY
    assert (call.caller.service, call.caller.organization) == ("gateway", store.organization)
    assert call.caller.cause == call.request.delivery.header.id
    assert store.gateway.log[-1]["by"] == "orders"


async def test_when_neither_takes_it_the_store_is_asked_to_come_back(own_neighbours: Neighbours) -> None:
    """Trap 37, the gateway's part."""
    async with serving(own_neighbours) as gateway:
        store = Sender(gateway, own_neighbours)
        assert (await store.send()).status_code == 200
        await own_neighbours.close("orders")

        answer = await store.send(delivery="2")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")

        await own_neighbours.open("orders")
        async with asyncio.timeout(20):
            while (await store.send(delivery="2")).status_code != 200:
                continue
