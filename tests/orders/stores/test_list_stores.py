"""ListStores: all stores, oldest first."""

from rappit.orders.v1.stores_pb2 import ListStoresRequest, ListStoresResponse
from tests.given.parked import park
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import placed
from tests.given.statements import statements


async def page(served: ServedOrders, shop: Shop, size: int = 0, token: str = "") -> ListStoresResponse:
    request = ListStoresRequest(page_size=size, page_token=token)
    answer: ListStoresResponse = await served.call(served.stores.ListStores, request, shop.organization)
    return answer


async def test_pages_follow_each_other_oldest_first(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 27."""
    sisters = [await open_shop(shop.database, organization=shop.organization) for _ in range(4)]
    await open_shop(shop.database)

    seen: list[str] = []
    token = ""
    while not seen or token:
        answer = await page(served_orders, shop, 2, token)
        seen += [store.id for store in answer.stores]
        token = answer.next_page_token

    assert seen == [str(each.store.id) for each in (shop, *sisters)]


async def test_a_page_is_two_statements_however_many_stores(served_orders: ServedOrders, shop: Shop) -> None:
    await open_shop(shop.database, organization=shop.organization)
    with statements() as seen:
        await page(served_orders, shop)

    assert len(seen) == 2


async def test_each_store_says_how_it_goes(served_orders: ServedOrders, shop: Shop) -> None:
    sister = await open_shop(shop.database, organization=shop.organization)
    await park(shop, placed("#1"))
    await sister.deliver(placed("#2"))

    found = {store.id: store.health for store in (await page(served_orders, shop)).stores}

    mine, hers = found[str(shop.store.id)], found[str(sister.store.id)]
    assert (mine.parked_deliveries, len(mine.next_steps)) == (1, 1)
    assert (hers.parked_deliveries, list(hers.next_steps)) == (0, [])
    assert mine.HasField("last_delivery_time")
    assert hers.HasField("last_delivery_time")


async def test_a_token_of_another_list_is_refused(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("PAGE_TOKEN_INVALID"):
        await page(served_orders, shop, token="AAAA")


async def test_it_needs_its_permission(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("NOT_PERMITTED"):
        await served_orders.call(served_orders.stores.ListStores, ListStoresRequest(), shop.organization, "orders.read")
