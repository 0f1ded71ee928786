"""ChangeTags: tags of people here, apart from the store's."""

from typing import Any
from uuid import uuid4

from rappit.orders.v1.notes_pb2 import ChangeTagsRequest
from rappit.orders.v1.order_pb2 import Order
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import later, placed


async def change(served: ServedOrders, shop: Shop, order_id: str = "", **fields: Any) -> Order:
    request = ChangeTagsRequest(order_id=order_id or str((await shop.order()).id), **fields)
    order: Order = (await served.call(served.notes.ChangeTags, request, shop.organization)).order
    return order


async def test_tags_are_added_removed_and_set(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed(tags="vip, gift")
    await shop.deliver(order)

    assert list((await change(served_orders, shop, add=["late", "call", "late"])).own_tags) == ["call", "late"]
    assert list((await change(served_orders, shop, add=["b2b"], remove=["late", "none"])).own_tags) == ["b2b", "call"]
    found = await change(served_orders, shop, add=["done"], replace=True)
    await shop.deliver(later(order, tags=""))

    assert (list(found.own_tags), list(found.tags), found.version) == (["done"], ["gift", "vip"], 1)
    assert (await shop.order()).own_tags == ("done",)
    entries = await shop.rows(
        "SELECT old_value, new_value FROM order_timeline WHERE event = 'TAGS_CHANGED' ORDER BY position"
    )
    assert [tuple(entry) for entry in entries] == [
        ("", "call, late"),
        ("call, late", "b2b, call"),
        ("b2b, call", "done"),
    ]


async def test_tags_that_are_there_change_nothing(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())
    first = await change(served_orders, shop, add=["late"])

    assert await change(served_orders, shop, add=["late"], remove=["none"]) == first


async def test_refusals(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())
    await change(served_orders, shop, add=[str(number) for number in range(50)])

    with refused("TOO_MANY_TAGS"):
        await change(served_orders, shop, add=["one more"])
    with refused("CHANGED_MEANWHILE"):
        await change(served_orders, shop, add=["late"], etag="1")
    with refused("ORDER_NOT_FOUND"):
        await change(served_orders, shop, str(uuid4()), add=["late"])
