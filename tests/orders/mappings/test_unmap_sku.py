"""UnmapSku: what was said of a SKU is taken back."""

from rappit.orders.v1.mappings_pb2 import MapSkuRequest, UnmapSkuRequest
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import item, placed


async def test_its_lines_wait_again_or_take_the_item_that_it_means_by_itself(
    served_orders: ServedOrders, shop: Shop
) -> None:
    """Trap 14; in another organisation nothing is taken back (trap 2)."""
    stranger = await open_shop(shop.database, "MUG")
    for each in (shop, stranger):
        say = MapSkuRequest(sku="SCARF", item_id=str(each.items["MUG"]))
        await served_orders.call(served_orders.mappings.MapSku, say, each.organization)
    say = MapSkuRequest(sku="TEE-RED", item_id=str(shop.items["MUG"]))
    await served_orders.call(served_orders.mappings.MapSku, say, shop.organization)
    await shop.deliver(placed("#1", item("SCARF", 2)), placed("#2", item("TEE-RED")))
    await stranger.deliver(placed("#1", item("SCARF")))

    answer = await served_orders.call(served_orders.mappings.UnmapSku, UnmapSkuRequest(sku="SCARF"), shop.organization)
    await served_orders.call(served_orders.mappings.UnmapSku, UnmapSkuRequest(sku="TEE-RED"), shop.organization)

    assert (answer.changed_orders, answer.orders_to_follow) == (1, 0)
    order = await shop.order("#1")
    assert (order.lines[0].item_id, order.short_reason) == (None, "no item has the SKU SCARF")
    assert list((await shop.told(order))[-1].order_changed.lines) == []
    (entry,) = await shop.rows("SELECT message, actor, old_value FROM order_timeline WHERE event = 'UNMAPPED'")
    assert tuple(entry) == ("the SKU SCARF means no item now", f"user:{served_orders.user}", "MUG")
    assert (await shop.order("#2")).lines[0].item_id == shop.items["TEE-RED"]
    assert (await stranger.order("#1")).lines[0].item_id == stranger.items["MUG"]


async def test_what_nobody_said_is_not_found(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("MAPPING_NOT_FOUND") as refusal:
        await served_orders.call(served_orders.mappings.UnmapSku, UnmapSkuRequest(sku="SCARF"), shop.organization)

    assert refusal.error.facts == {"sku": "SCARF"}
