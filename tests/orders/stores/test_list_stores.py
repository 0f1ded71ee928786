"""ListStores: all stores, oldest first."""

from rappit.orders.v1.stores_pb2 import ListStoresRequest, ListStoresResponse
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
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


async def test_a_page_is_one_statement(served_orders: ServedOrders, shop: Shop) -> None:
    with statements() as seen:
        await page(served_orders, shop)

    assert len(seen) == 1


async def test_a_token_of_another_list_is_refused(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("PAGE_TOKEN_INVALID"):
        await page(served_orders, shop, token="AAAA")


async def test_it_needs_its_permission(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("NOT_PERMITTED"):
        await served_orders.call(served_orders.stores.ListStores, ListStoresRequest(), shop.organization, "orders.read")
