"""UnmapSku: what was said of a SKU is taken back."""

from rappit.orders.v1.mappings_pb2 import MapSkuRequest, UnmapSkuRequest
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import item, placed


async def test_later_lines_wait_again_and_others_keep_their_item(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 14; in another organisation nothing is taken back (trap 2)."""
    stranger = await open_shop(shop.database, "MUG")
    for each in (shop, stranger):
        say = MapSkuRequest(sku="SCARF", item_id=str(each.items["MUG"]))
        await served_orders.call(served_orders.mappings.MapSku, say, each.organization)
    await shop.deliver(placed("#1", item("SCARF")))

    await served_orders.call(served_orders.mappings.UnmapSku, UnmapSkuRequest(sku="SCARF"), shop.organization)
    await shop.deliver(placed("#2", item("SCARF")))

    assert (await shop.order("#1")).lines[0].item_id == shop.items["MUG"]
    assert (await shop.order("#2")).lines[0].item_id is None
    assert len(await stranger.rows("SELECT FROM sku_mappings")) == 1


async def test_what_nobody_said_is_not_found(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("MAPPING_NOT_FOUND") as refusal:
        await served_orders.call(served_orders.mappings.UnmapSku, UnmapSkuRequest(sku="SCARF"), shop.organization)

    assert refusal.error.facts == {"sku": "SCARF"}
