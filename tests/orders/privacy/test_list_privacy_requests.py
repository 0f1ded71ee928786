"""ListPrivacyRequests: what stores asked for people, and what came of it."""

from datetime import timedelta
from typing import Any

from rappit.orders.v1.privacy_pb2 import (
    PRIVACY_REQUEST_KIND_CUSTOMER_REDACT,
    PRIVACY_REQUEST_KIND_DATA_REQUEST,
    ListPrivacyRequestsRequest,
    ListPrivacyRequestsResponse,
)
from tests.given.privacy import ask, person, request
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import placed


async def listed(served: ServedOrders, shop: Shop, **fields: Any) -> ListPrivacyRequestsResponse:
    answer: ListPrivacyRequestsResponse = await served.call(
        served.privacy.ListPrivacyRequests, ListPrivacyRequestsRequest(**fields), shop.organization
    )
    return answer


async def test_each_says_who_asked_for_whom_by_when_and_what_came_of_it(
    served_orders: ServedOrders, shop: Shop
) -> None:
    order = placed("#1")
    await shop.deliver(order)
    done = await ask(shop, "customers/data_request", customer=person(order))
    waits = request(shop, "customers/redact", customer={"email": "noura@example.com"})
    await shop.receive(waits)

    found = (await listed(served_orders, shop)).privacy_requests

    assert [(each.id, each.kind, each.order_count) for each in found] == [
        (str(waits.id), PRIVACY_REQUEST_KIND_CUSTOMER_REDACT, 0),
        (str(done), PRIVACY_REQUEST_KIND_DATA_REQUEST, 1),
    ]
    open_one, done_one = found
    assert (open_one.email, open_one.outcome, open_one.HasField("done_time")) == ("noura@example.com", "", False)
    assert done_one.customer_external_id == str(order["customer"]["id"])
    assert done_one.outcome.startswith("held in 1 order")
    assert done_one.due_time.ToDatetime() - done_one.create_time.ToDatetime() == timedelta(days=30)


async def test_pages_follow_of_one_store_or_of_all(served_orders: ServedOrders, shop: Shop) -> None:
    sister = await open_shop(shop.database, organization=shop.organization)
    stranger = await open_shop(shop.database)
    for each in (shop, sister, shop, stranger):
        await each.receive(request(each, "customers/redact", customer={"id": 1}))

    first = await listed(served_orders, shop, page_size=2)
    rest = await listed(served_orders, shop, page_size=2, page_token=first.next_page_token)
    of_sister = await listed(served_orders, shop, store_id=str(sister.store.id))

    stores = [each.store_id for each in (*first.privacy_requests, *rest.privacy_requests)]
    assert stores == [str(each.store.id) for each in (shop, sister, shop)]
    assert rest.next_page_token == ""
    assert [each.store_id for each in of_sister.privacy_requests] == [str(sister.store.id)]
    with refused("PAGE_TOKEN_INVALID"):
        await listed(served_orders, shop, store_id=str(sister.store.id), page_token=first.next_page_token)
