"""Snapshots of stores become orders."""

from orders.orders.order import FulfillmentStatus
from tests.given.shop import Shop
from tests.given.shopify_orders import item, placed


async def test_an_order_comes_in_with_all_that_the_store_said(shop: Shop) -> None:
    order = placed("#1047", item("TEE-RED", 2), item("CAP"))

    await shop.deliver(order, topic="orders/create")

    found = await shop.order()
    assert found.status is FulfillmentStatus.NEW
    assert [line.item_id for line in found.lines] == [shop.items["TEE-RED"], shop.items["CAP"]]
    assert (found.version, found.etag) == (1, 1)
