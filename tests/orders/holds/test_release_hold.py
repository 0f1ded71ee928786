"""ReleaseHold: an order goes on when its last hold is released."""

from uuid import uuid4

from rappit.orders.v1.holds_pb2 import PlaceHoldRequest, ReleaseHoldRequest
from rappit.orders.v1.order_parts_pb2 import HOLD_REASON_OTHER, HOLD_REASON_STOCK
from rappit.orders.v1.order_pb2 import Order
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import placed


async def on_hold(served: ServedOrders, shop: Shop) -> Order:
    """An order with two holds."""
    await shop.deliver(placed())
    order = Order()
    for reason in (HOLD_REASON_STOCK, HOLD_REASON_OTHER):
        request = PlaceHoldRequest(order_id=str((await shop.order()).id), reason=reason)
        order = (await served.call(served.holds.PlaceHold, request, shop.organization)).order
    return order


async def release(served: ServedOrders, shop: Shop, order: Order, hold_id: str, **fields: str) -> Order:
    request = ReleaseHoldRequest(order_id=order.id, hold_id=hold_id, **fields)
    after: Order = (await served.call(served.holds.ReleaseHold, request, shop.organization)).order
    return after


async def test_the_others_stay(served_orders: ServedOrders, shop: Shop) -> None:
    order = await on_hold(served_orders, shop)

    after = await release(served_orders, shop, order, order.holds[0].id, note="Counted", etag=order.etag)

    assert list(after.holds) == [order.holds[1]]
    assert (after.on_hold, after.version) == (True, order.version)
    (entry,) = await shop.rows("SELECT message, reason FROM order_timeline WHERE event = 'HOLD_RELEASED'")
    assert tuple(entry) == ("hold released: STOCK", "Counted")


async def test_a_hold_is_released_once(served_orders: ServedOrders, shop: Shop) -> None:
    order = await on_hold(served_orders, shop)
    await release(served_orders, shop, order, order.holds[0].id)

    with refused("HOLD_NOT_FOUND") as refusal:
        await release(served_orders, shop, order, order.holds[0].id)

    assert refusal.error.facts == {"hold_id": order.holds[0].id}
    assert (await shop.order()).hold_count == 1


async def test_refusals(served_orders: ServedOrders, shop: Shop) -> None:
    order = await on_hold(served_orders, shop)

    with refused("CHANGED_MEANWHILE"):
        await release(served_orders, shop, order, order.holds[0].id, etag="1")
    with refused("HOLD_NOT_FOUND"):
        await release(served_orders, shop, order, str(uuid4()))
    with refused("ORDER_NOT_FOUND"):
        await release(served_orders, shop, Order(id=str(uuid4())), order.holds[0].id)
