"""ListPrivacyRequestOrders: the orders that a request found, all of them."""

from uuid import UUID, uuid4

from rappit.orders.v1.privacy_pb2 import ListPrivacyRequestOrdersRequest, ListPrivacyRequestOrdersResponse
from tests.given.privacy import ask, person
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import by_guest, placed


async def page(
    served: ServedOrders, shop: Shop, request_id: UUID, token: str = "", size: int = 2
) -> ListPrivacyRequestOrdersResponse:
    request = ListPrivacyRequestOrdersRequest(privacy_request_id=str(request_id), page_size=size, page_token=token)
    answer: ListPrivacyRequestOrdersResponse = await served.call(
        served.privacy.ListPrivacyRequestOrders, request, shop.organization
    )
    return answer


async def test_every_order_is_named_held_or_erased(served_orders: ServedOrders, shop: Shop) -> None:
    first = placed("#0")
    orders = [first, *(placed(f"#{number}") | {"customer": first["customer"]} for number in range(1, 5))]
    await shop.deliver(*orders, by_guest(placed("#others")))

    held = await ask(shop, "customers/data_request", customer=person(first))
    erased = await ask(shop, "customers/redact", customer=person(first))

    for request_id in (held, erased):
        names: list[tuple[str, str]] = []
        token = ""
        while not names or token:
            answer = await page(served_orders, shop, request_id, token)
            names += [(order.name, order.external_id) for order in answer.orders]
            token = answer.next_page_token
        assert names == [(order["name"], str(order["id"])) for order in orders]


async def test_nobody_elses_is_found(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    stranger = await open_shop(shop.database)
    theirs = await ask(stranger, "customers/data_request", customer={"id": 1})

    for request_id in (theirs, uuid4()):
        with refused("PRIVACY_REQUEST_NOT_FOUND"):
            await page(served_orders, shop, request_id)
