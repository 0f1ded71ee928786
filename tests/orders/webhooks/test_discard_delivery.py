"""DiscardDelivery: the lane goes on without it, and who said so is kept."""

from rappit.orders.v1.delivery_pb2 import DELIVERY_STATE_DISCARDED
from rappit.orders.v1.webhooks_pb2 import DiscardDeliveryRequest, GetDeliveryRequest
from tests.given.parked import arrive, park, states, work
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import paid, placed


async def test_what_waits_behind_it_goes_on(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 13."""
    order = placed("#1")
    parked = await park(shop, order)
    await arrive(shop, shop.delivery(paid(order)))
    request = DiscardDeliveryRequest(delivery_id=str(parked.id), reason="a test order")

    await served_orders.call(served_orders.webhooks.DiscardDelivery, request, shop.organization)
    await work(shop)

    assert await states(shop) == ["DONE", "DONE"]
    get = GetDeliveryRequest(delivery_id=str(parked.id))
    kept = (await served_orders.call(served_orders.webhooks.GetDelivery, get, shop.organization)).delivery
    assert (kept.state, kept.topic) == (DELIVERY_STATE_DISCARDED, "orders/updated")
    assert kept.outcome == f"discarded by user:{served_orders.user}: a test order"


async def test_it_is_discarded_once_with_a_reason(served_orders: ServedOrders, shop: Shop) -> None:
    parked = await park(shop, placed())
    request = DiscardDeliveryRequest(delivery_id=str(parked.id), reason="a test order")
    await served_orders.call(served_orders.webhooks.DiscardDelivery, request, shop.organization)

    with refused("DELIVERY_NOT_FOUND"):
        await served_orders.call(served_orders.webhooks.DiscardDelivery, request, shop.organization)
    with refused("INVALID_REQUEST"):
        await served_orders.call(
            served_orders.webhooks.DiscardDelivery,
            DiscardDeliveryRequest(delivery_id=str(parked.id)),
            shop.organization,
        )
