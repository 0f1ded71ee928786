"""ListUnmappedSkus: what waits for an item, and which it may be."""

from rappit.orders.v1.mappings_pb2 import ListUnmappedSkusRequest, ListUnmappedSkusResponse
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import PLACED, cancelled, edited, item, placed
from tests.given.statements import statements


async def page(served: ServedOrders, shop: Shop, size: int = 0, token: str = "") -> ListUnmappedSkusResponse:
    request = ListUnmappedSkusRequest(page_size=size, page_token=token)
    answer: ListUnmappedSkusResponse = await served.call(served.mappings.ListUnmappedSkus, request, shop.organization)
    return answer


async def test_each_sku_says_how_much_waits_since_when_and_for_what(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 14; orders that are cancelled, lines of which nothing is wanted, other organisations: none of them waits."""
    stranger = await open_shop(shop.database)
    await stranger.deliver(placed("#1", item("TEERED")))
    gone, less = placed("#3", item("TEERED", 9)), placed("#4", item("SCARF", 9), item("CAP"))
    await shop.deliver(placed("#1", item("TEERED", 2), item("TEERED", 1)), placed("#2", item("TEERED"), item("")))
    await shop.deliver(gone, cancelled(gone), less, edited(less, "SCARF", 0), placed("#5", item("SCARF", 4)))

    with statements() as asked:
        nameless, scarf, tee = (await page(served_orders, shop)).unmapped_skus

    assert len(asked) == 2
    assert [(each.sku, each.order_count, each.units) for each in (nameless, scarf, tee)] == [
        ("", 1, 1),
        ("SCARF", 1, 4),
        ("TEERED", 2, 4),
    ]
    assert tee.oldest_order_time.ToDatetime(PLACED.tzinfo) == PLACED
    assert [(each.sku, each.item_id) for each in tee.suggestions] == [("TEE-RED", str(shop.items["TEE-RED"]))]
    assert list(scarf.suggestions) == list(nameless.suggestions) == []


async def test_items_that_are_alike_are_suggested(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 14."""
    await shop.item("SCARF")
    await shop.item("Scarf")
    await shop.deliver(placed("#1", item("scarf")))

    (scarf,) = (await page(served_orders, shop)).unmapped_skus

    assert [each.sku for each in scarf.suggestions] == ["SCARF", "Scarf"]


async def test_pages_follow_each_other_without_gap(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 27."""
    await shop.deliver(placed("#1", *(item(sku) for sku in ("", "A", "B", "C", "D"))))

    seen: list[str] = []
    token = ""
    while not seen or token:
        answer = await page(served_orders, shop, 2, token)
        seen += [each.sku for each in answer.unmapped_skus]
        token = answer.next_page_token

    assert seen == ["", "A", "B", "C", "D"]
