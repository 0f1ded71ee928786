"""ReplayDelivery: a parked delivery is tried once more, and its lane goes on."""

from unittest.mock import patch
from uuid import uuid4

from orders.providers.unreadable_body import UnreadableBody
from rappit.orders.v1.webhooks_pb2 import DeliveryResult, ReplayDeliveryRequest
from tests.given.parked import arrive, park, states, work
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import cancelled, paid, placed


async def replay(served: ServedOrders, shop: Shop, delivery_id: object, *, dry_run: bool = False) -> DeliveryResult:
    request = ReplayDeliveryRequest(delivery_id=str(delivery_id), dry_run=dry_run)
    result: DeliveryResult = (await served.call(served.webhooks.ReplayDelivery, request, shop.organization)).result
    return result


async def test_a_dry_run_says_the_change_and_makes_none(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed("#1047")
    await shop.deliver(order)
    parked = await park(shop, cancelled(order))

    result = await replay(served_orders, shop, parked.id, dry_run=True)

    assert result.done
    assert result.changes[:2] == ["a snapshot of the order", "#1047: the store cancelled it: CUSTOMER_REQUEST"]
    assert any(change.startswith("tells others: order_changed") for change in result.changes)
    assert not (await shop.order()).cancelled
    assert await states(shop) == ["PARKED"]


async def test_after_a_fix_the_lane_goes_on_in_its_order(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 13."""
    order = placed("#1")
    parked = await park(shop, order)
    await arrive(shop, shop.delivery(paid(order)), shop.delivery(cancelled(paid(order))))
    assert await states(shop) == ["PARKED", "WAITING", "WAITING"]

    result = await replay(served_orders, shop, parked.id)
    await work(shop)

    assert (result.done, result.failure) == (True, "")
    assert await states(shop) == ["DONE"] * 3
    assert (await shop.timeline(await shop.order("#1")))[0] == "CREATED"
    assert (await shop.order("#1")).cancelled


async def test_what_fails_again_stays_with_its_new_reason(served_orders: ServedOrders, shop: Shop) -> None:
    parked = await park(shop, placed())

    with patch("orders.webhooks.on_gateway.read_delivery", side_effect=UnreadableBody("id", "is still odd")):
        result = await replay(served_orders, shop, parked.id)

    assert (result.done, result.failure) == (False, "orders/updated: id: is still odd")
    assert await states(shop) == ["PARKED"]


async def test_only_a_parked_one_can_be_replayed(served_orders: ServedOrders, shop: Shop) -> None:
    applied = shop.delivery(placed())
    await arrive(shop, applied)

    for delivery_id in (applied.id, uuid4()):
        with refused("DELIVERY_NOT_FOUND"):
            await replay(served_orders, shop, delivery_id)
