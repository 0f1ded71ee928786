"""ListMappings: what people said of SKUs."""

from rappit.orders.v1.mappings_pb2 import ListMappingsRequest, MapSkuRequest
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.statements import statements


async def test_pages_follow_each_other_by_sku(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 27; another organisation's are not listed (trap 2)."""
    stranger = await open_shop(shop.database, "MUG")
    for each, skus in ((shop, "CBA"), (stranger, "D")):
        for sku in skus:
            say = MapSkuRequest(sku=sku, item_id=str(each.items["MUG"]))
            await served_orders.call(served_orders.mappings.MapSku, say, each.organization)

    seen: list[tuple[str, str]] = []
    token = ""
    while not seen or token:
        request = ListMappingsRequest(page_size=2, page_token=token)
        with statements() as asked:
            page = await served_orders.call(served_orders.mappings.ListMappings, request, shop.organization)
        assert len(asked) == 1
        seen += [(mapping.sku, mapping.item_sku) for mapping in page.mappings]
        token = page.next_page_token

    assert seen == [("A", "MUG"), ("B", "MUG"), ("C", "MUG")]
