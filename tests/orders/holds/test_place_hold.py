"""PlaceHold: nothing of an order is to leave for now."""

from uuid import uuid4

from orders.orders.order import FulfillmentStatus
from rappit.orders.v1.holds_pb2 import PlaceHoldRequest, ReleaseHoldRequest
from rappit.orders.v1.order_parts_pb2 import HOLD_REASON_ADDRESS, HOLD_REASON_FRAUD
from rappit.orders.v1.order_pb2 import Order
from rappit.orders.v1.orders_pb2 import GetOrderRequest, ListOrdersRequest
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import item, later, placed
from tests.given.statements import statements


async def place(served: ServedOrders, shop: Shop, order_id: str = "", etag: str = "", **fields: str) -> Order:
    order_id = order_id or str((await shop.order()).id)
    request = PlaceHoldRequest(order_id=order_id, reason=HOLD_REASON_ADDRESS, etag=etag, **fields)
    order: Order = (await served.call(served.holds.PlaceHold, request, shop.organization)).order
    return order


async def release(served: ServedOrders, shop: Shop, order: Order, hold: int = 0) -> Order:
    request = ReleaseHoldRequest(order_id=order.id, hold_id=order.holds[hold].id)
    after: Order = (await served.call(served.holds.ReleaseHold, request, shop.organization)).order
    return after


async def test_a_hold_says_why_who_and_what(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())

    order = await place(served_orders, shop, owner="Support", note="No house number")

    (hold,) = order.holds
    assert (hold.reason, hold.owner, hold.note) == (HOLD_REASON_ADDRESS, "Support", "No house number")
    assert (hold.actor, order.on_hold) == (f"user:{served_orders.user}", True)
    request = GetOrderRequest(order_id=order.id)
    assert (await served_orders.call(served_orders.orders.GetOrder, request, shop.organization)).order == order
    (entry,) = await shop.rows("SELECT message, reason, actor FROM order_timeline WHERE event = 'HOLD_PLACED'")
    assert tuple(entry) == ("on hold: ADDRESS, for Support", "No house number", f"user:{served_orders.user}")


async def test_what_is_reserved_stays_so_and_others_are_told_once(served_orders: ServedOrders, shop: Shop) -> None:
    """The version rises with the first hold and the last release alone."""
    await shop.deliver(placed("#1047", item("TEE-RED", 2)))
    await shop.reserved(await shop.order())

    order = await place(served_orders, shop)
    order = await place(served_orders, shop)
    assert (len(order.holds), order.version) == (2, 2)
    await shop.reserved(await shop.order())
    assert (await shop.order()).status is FulfillmentStatus.RESERVED

    order = await release(served_orders, shop, await release(served_orders, shop, order))
    assert (list(order.holds), order.on_hold, order.version) == ([], False, 3)
    told = await shop.told(await shop.order())
    assert [event.order_changed.on_hold for event in told] == [False, True, False]
    assert [event.order_changed.lines[0].wanted for event in told] == [2, 2, 2]


async def test_no_snapshot_releases_it(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed()
    await shop.deliver(order)
    await place(served_orders, shop)

    await shop.deliver(later(order, note="Ring twice"))

    assert (await shop.order()).hold_count == 1


async def test_orders_on_hold_are_listed(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver_together(placed("#1"), placed("#2"))
    await place(served_orders, shop, str((await shop.order("#2")).id))

    with statements() as seen:
        request = ListOrdersRequest(on_hold=True)
        listed = await served_orders.call(served_orders.orders.ListOrders, request, shop.organization)

    assert [(order.name, order.on_hold) for order in listed.orders] == [("#2", True)]
    assert len(seen) == 1


async def test_refusals(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())
    with refused("CHANGED_MEANWHILE"):
        await place(served_orders, shop, etag="7")
    with refused("ORDER_NOT_FOUND"):
        await place(served_orders, shop, str(uuid4()))
    await shop.cancel(await shop.order())
    with refused("ORDER_CANCELLED"):
        await place(served_orders, shop)
    request = PlaceHoldRequest(order_id=str(uuid4()), reason=HOLD_REASON_FRAUD)
    with refused("NOT_PERMITTED"):
        await served_orders.call(served_orders.holds.PlaceHold, request, shop.organization, "orders.edit")


async def test_another_organisations_order_is_not_found_and_stays(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    stranger = await open_shop(shop.database)
    await stranger.deliver(placed())
    before = await stranger.order()

    with refused("ORDER_NOT_FOUND"):
        await place(served_orders, shop, str(before.id))

    assert await stranger.order() == before
    assert await stranger.rows("SELECT FROM order_holds") == []
