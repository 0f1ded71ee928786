"""DiscardDeliveries: all that a filter finds."""

from rappit.orders.v1.webhooks_pb2 import DiscardDeliveriesRequest, ParkedDeliveries
from tests.given.parked import ids, park, states
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import placed


async def test_what_the_filter_finds_is_discarded_and_nothing_else(served_orders: ServedOrders, shop: Shop) -> None:
    await park(shop, placed("#1"))
    other = await park(shop, placed("#2"), "orders/paid")
    request = DiscardDeliveriesRequest(filter=ParkedDeliveries(topic="orders/paid"), reason="paid by a test")

    answer = await served_orders.call(served_orders.webhooks.DiscardDeliveries, request, shop.organization)

    assert [(each.delivery_id, each.done) for each in answer.results] == [(*ids(other), True)]
    assert await states(shop) == ["PARKED", "DONE"]
