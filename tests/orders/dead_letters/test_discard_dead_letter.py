"""DiscardDeadLetter."""

from rappit.orders.v1.dead_letters_pb2 import DiscardDeadLetterRequest
from rappit.orders.v1.delivery_pb2 import DELIVERY_STATE_DISCARDED
from rappit.orders.v1.webhooks_pb2 import GetDeliveryRequest
from tests.given.parked import arrive, park, states, work
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import paid, placed


async def test_its_lane_goes_on_without_it_and_who_said_so_is_kept(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 13."""
    order = placed()
    parked = await park(shop, order)
    await arrive(shop, shop.delivery(paid(order)))
    request = DiscardDeadLetterRequest(consumer="orders.deliveries", event_id=str(parked.id), reason="a test order")

    await served_orders.call(served_orders.dead_letters.DiscardDeadLetter, request, shop.organization)
    await work(shop)

    assert await states(shop) == ["DONE", "DONE"]
    (row,) = await shop.rows("SELECT discarded_by, discard_reason FROM inbox WHERE event_id = %s", parked.id)
    assert tuple(row) == (f"user:{served_orders.user}", "a test order")
    get = GetDeliveryRequest(delivery_id=str(parked.id))
    kept = (await served_orders.call(served_orders.webhooks.GetDelivery, get, shop.organization)).delivery
    assert (kept.state, kept.topic) == (DELIVERY_STATE_DISCARDED, "orders/updated")
    assert kept.outcome == f"discarded by user:{served_orders.user}: a test order"
    with refused("DEAD_LETTER_NOT_FOUND"):
        await served_orders.call(served_orders.dead_letters.DiscardDeadLetter, request, shop.organization)
