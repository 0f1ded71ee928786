"""AcceptDelivery: deliveries that Kafka does not take wait in the inbox, and are handled from there."""

from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest

from chassis.errors import RemoteRefusal
from chassis.messaging import dead_letters
from chassis.messaging.consumer import Consumer
from chassis.messaging.kafka import Kafka
from chassis.messaging.lanes import Lanes
from orders.app import make_consumers
from orders.providers.unreadable_body import UnreadableBody
from orders.webhooks.accept_delivery import CONSUMER
from rappit.gateway.v1.events_pb2 import WebhookReceived
from rappit.orders.v1.webhooks_pb2 import AcceptDeliveryRequest
from tests.given.mint import Mint
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import CLOCK, Shop, open_shop
from tests.given.shopify_orders import cancelled, item, paid, placed


async def accept(served: ServedOrders, shop: Shop, delivery: WebhookReceived, **how: Any) -> None:
    """What the gateway does when Kafka does not answer."""
    request = AcceptDeliveryRequest(delivery=delivery)
    await served.peer.call(served.webhooks.AcceptDelivery, request, **{"organization": shop.organization, **how})


def consumer(shop: Shop) -> Consumer:
    return make_consumers(shop.database, Kafka("127.0.0.1:1", development=True), CLOCK)[0]


async def work(shop: Shop) -> None:
    """The lane worker applies what is due."""
    lanes = Lanes(shop.database, consumer(shop).intake)
    while await lanes.work_for(shop.organization):
        pass


async def inbox(shop: Shop) -> list[tuple[str, str]]:
    rows = await shop.rows("SELECT state, failure FROM inbox WHERE consumer = %s ORDER BY position", CONSUMER)
    return [tuple(row) for row in rows]


async def test_a_delivery_is_kept_and_then_handled_as_from_kafka(served_orders: ServedOrders, shop: Shop) -> None:
    delivery = shop.delivery(placed("#1047"))

    await accept(served_orders, shop, delivery.event)
    assert [state for state, _ in await inbox(shop)] == ["WAITING"]
    await work(shop)

    assert [state for state, _ in await inbox(shop)] == ["DONE"]
    assert (await shop.order("#1047")).store_id == shop.store.id


async def test_a_repeat_changes_nothing(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 11."""
    delivery = shop.delivery(placed()).event

    for _ in range(3):
        await accept(served_orders, shop, delivery)
    await work(shop)
    await accept(served_orders, shop, delivery)
    await work(shop)

    assert len(await inbox(shop)) == 1
    assert (await shop.order()).etag == 1


async def test_one_orders_deliveries_are_handled_in_their_order(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed()
    for stage in (order, paid(order), cancelled(paid(order))):
        await accept(served_orders, shop, shop.delivery(stage).event)

    await work(shop)

    assert await shop.timeline(await shop.order()) in (
        ["CREATED", "PAYMENT_CHANGED", "CANCELLED"],
        ["CREATED", "CANCELLED"],
    )


async def test_an_unreadable_delivery_is_parked_at_once_and_stops_its_own_lane_alone(
    served_orders: ServedOrders, shop: Shop
) -> None:
    """Traps 13 and 48."""
    broken = placed("#1", item("TEE-RED"))
    broken["line_items"][0]["quantity"] = "two"
    good = placed("#2")

    for order in (broken, good, broken | {"line_items": []}):
        await accept(served_orders, shop, shop.delivery(order).event)
    await work(shop)

    states = await inbox(shop)
    assert [state for state, _ in states] == ["PARKED", "DONE", "WAITING"]
    assert states[0][1] == "orders/updated: line_items[0].quantity: is a text, not a whole number of units"
    assert [order.snapshot.name for order in await shop.orders()] == ["#2"]


async def test_after_a_fix_a_replay_goes_on_with_the_lane_in_its_order(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 13."""
    order = placed("#1", item("TEE-RED"))
    first = shop.delivery(order)
    with patch("orders.webhooks.on_gateway.read_delivery", side_effect=UnreadableBody("sku", "is not understood")):
        await accept(served_orders, shop, first.event)
        await work(shop)
    for stage in (paid(order), cancelled(paid(order))):
        await accept(served_orders, shop, shop.delivery(stage).event)
    await work(shop)
    assert [state for state, _ in await inbox(shop)] == ["PARKED", "WAITING", "WAITING"]

    outcome = await dead_letters.replay(shop.database, consumer(shop), shop.organization, first.id)
    await work(shop)

    assert outcome.applied
    assert [state for state, _ in await inbox(shop)] == ["DONE"] * 3
    assert (await shop.timeline(await shop.order("#1")))[0] == "CREATED"
    assert (await shop.order("#1")).cancelled


async def test_a_signed_body_that_says_nothing_is_parked_and_not_lost(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 48."""
    await accept(served_orders, shop, shop.delivery(b"not json", external_id="").event)

    await work(shop)

    assert await inbox(shop) == [("PARKED", "orders/updated: the body is not JSON in UTF-8 (JSONDecodeError)")]


async def test_what_an_operator_reads_of_it_repeats_nothing_of_the_body(
    served_orders: ServedOrders, shop: Shop
) -> None:
    order = placed() | {"updated_at": "Layla Haddad"}

    await accept(served_orders, shop, shop.delivery(order).event)
    await work(shop)

    ((state, failure),) = await inbox(shop)
    assert state == "PARKED"
    assert "Layla" not in failure


async def test_a_delivery_of_another_organisation_than_the_token_is_refused(
    served_orders: ServedOrders, shop: Shop
) -> None:
    """Trap 50."""
    stranger = await open_shop(shop.database)

    with refused("DELIVERY_NOT_YOURS"):
        await accept(served_orders, shop, stranger.delivery(placed()).event)

    assert await inbox(shop) == await inbox(stranger) == []


async def test_a_store_of_another_organisation_is_not_believed(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 50: an id inside a message is read under the organisation of its header."""
    stranger = await open_shop(shop.database)
    delivery = shop.delivery(placed(), store=stranger.store.id)

    await accept(served_orders, shop, delivery.event)
    await work(shop)

    assert await inbox(shop) == [("PARKED", f"the organisation has no store {stranger.store.id}")]
    assert await stranger.orders() == []


@pytest.mark.parametrize("field", ["id", "organization_id", "aggregate_id"])
async def test_a_header_that_the_inbox_cannot_take_is_refused(
    served_orders: ServedOrders, shop: Shop, field: str
) -> None:
    delivery = shop.delivery(placed()).event
    setattr(delivery.header, field, "")

    with refused("INVALID_REQUEST") as refusal:
        await accept(served_orders, shop, delivery)

    assert [violation.field for violation in refusal.error.violations] == [f"delivery.header.{field}"]


async def test_a_call_without_delivery_is_refused(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("INVALID_REQUEST"):
        await served_orders.peer.call(
            served_orders.webhooks.AcceptDelivery, AcceptDeliveryRequest(), organization=shop.organization
        )


async def test_only_the_gateway_may_bring_deliveries(served_orders: ServedOrders, shop: Shop, mint: Mint) -> None:
    """Trap 50."""
    tokens = [mint.service_token("inventory", "orders", org=str(shop.organization))]
    tokens += [mint.internal_token("orders", "orders.read", organization=shop.organization)]

    for token in tokens:
        with pytest.raises(RemoteRefusal, match="may not"):
            await accept(served_orders, shop, shop.delivery(placed()).event, token=token)


async def test_its_organisation_need_not_be_known_yet(served_orders: ServedOrders, shop: Shop) -> None:
    """The delivery waits until identity's event has come."""
    unknown = Shop(shop.database, uuid4(), shop.store)
    delivery = unknown.delivery(placed())

    await accept(served_orders, unknown, delivery.event, organization=unknown.organization)
    await work(unknown)

    ((state, failure),) = await inbox(unknown)
    assert state == "RETRYING"
    assert failure == f"identity has not told of the organisation {unknown.organization} yet"
