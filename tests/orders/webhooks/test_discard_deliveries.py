"""DiscardDeliveries: all that a filter finds."""

from typing import Any
from unittest.mock import patch
from uuid import uuid4

from rappit.orders.v1.delivery_pb2 import DELIVERY_STATE_DISCARDED
from rappit.orders.v1.webhooks_pb2 import (
    DeliveryResult,
    DiscardDeliveriesRequest,
    ListDeliveriesRequest,
    ParkedDeliveries,
)
from tests.given.parked import arrive, ids, park, states, work
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import cancelled, placed


async def discard(served: ServedOrders, shop: Shop, **filters: Any) -> dict[str, DeliveryResult]:
    request = DiscardDeliveriesRequest(filter=ParkedDeliveries(**filters), reason="made by a test")
    answer = await served.call(served.webhooks.DiscardDeliveries, request, shop.organization)
    return {each.delivery_id: each for each in answer.results}


async def test_what_the_filter_finds_is_discarded_and_nothing_else(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 13: what waits behind goes on, and who discarded it and why is found where deliveries are."""
    order = placed("#2")
    await park(shop, placed("#1"))
    other = await park(shop, order, "orders/paid")
    await arrive(shop, shop.delivery(cancelled(order)))

    found = await discard(served_orders, shop, topic="orders/paid")
    await work(shop)

    assert [(each, result.done) for each, result in found.items()] == [(*ids(other), True)]
    assert await states(shop) == ["PARKED", "DONE", "DONE"]
    assert (await shop.order("#2")).cancelled
    request = ListDeliveriesRequest(states=[DELIVERY_STATE_DISCARDED])
    listed = (await served_orders.call(served_orders.webhooks.ListDeliveries, request, shop.organization)).deliveries
    assert [(each.id, each.topic) for each in listed] == [(*ids(other), "orders/paid")]
    assert listed[0].outcome == f"discarded by user:{served_orders.user}: made by a test"


async def test_one_that_somebody_took_meanwhile_says_so_and_keeps_no_other(
    served_orders: ServedOrders, shop: Shop
) -> None:
    parked, gone = await park(shop, placed("#1")), uuid4()

    with patch("orders.webhooks.discard_deliveries.parked_deliveries", return_value=[gone, parked.id]):
        found = await discard(served_orders, shop)

    assert [(each.done, each.failure) for each in found.values()] == [(False, "there is no such delivery"), (True, "")]
