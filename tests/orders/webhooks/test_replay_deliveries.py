"""ReplayDeliveries: all that a filter finds, each by itself."""

from unittest.mock import patch

from orders.providers.read_delivery import read_delivery
from orders.providers.unreadable_body import UnreadableBody
from rappit.orders.v1.webhooks_pb2 import ParkedDeliveries, ReplayDeliveriesRequest, ReplayDeliveriesResponse
from tests.given.parked import ids, park, states
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import placed


async def test_each_says_what_came_of_it(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 13."""
    first, second = await park(shop, placed("#1")), await park(shop, placed("#2"))
    other = await park(shop, placed("#3"), "orders/paid")

    def of_first_unreadable(provider: object, topic: str, external_id: str, body: bytes) -> object:
        if external_id == first.event.external_id:
            raise UnreadableBody("sku", "is still odd")
        return read_delivery(provider, topic, external_id, body)  # type: ignore[arg-type]

    request = ReplayDeliveriesRequest(filter=ParkedDeliveries(topic="orders/updated", store_id=str(shop.store.id)))
    with patch("orders.webhooks.on_gateway.read_delivery", side_effect=of_first_unreadable):
        answer: ReplayDeliveriesResponse = await served_orders.call(
            served_orders.webhooks.ReplayDeliveries, request, shop.organization
        )

    assert [(each.delivery_id, each.done) for each in answer.results] == list(
        zip(ids(first, second), [False, True], strict=True)
    )
    assert await states(shop) == ["PARKED", "DONE", "PARKED"]
    assert other.event.topic == "orders/paid"


async def test_a_dry_run_of_all_changes_nothing(served_orders: ServedOrders, shop: Shop) -> None:
    await park(shop, placed("#1"))

    answer = await served_orders.call(
        served_orders.webhooks.ReplayDeliveries, ReplayDeliveriesRequest(dry_run=True), shop.organization
    )

    assert [each.done for each in answer.results] == [True]
    assert await states(shop) == ["PARKED"]
    assert await shop.orders() == []
