"""ListDeliveries: what came in and what it led to."""

from typing import Any
from uuid import uuid4

from google.protobuf.timestamp_pb2 import Timestamp

from rappit.orders.v1.delivery_pb2 import DELIVERY_STATE_APPLIED, DELIVERY_STATE_PARKED, DELIVERY_STATE_WAITING
from rappit.orders.v1.webhooks_pb2 import ListDeliveriesRequest, ListDeliveriesResponse
from tests.given.parked import arrive, ids, park
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import body, paid, placed


async def listed(served: ServedOrders, shop: Shop, **fields: Any) -> ListDeliveriesResponse:
    request = ListDeliveriesRequest(**fields)
    answer: ListDeliveriesResponse = await served.call(served.webhooks.ListDeliveries, request, shop.organization)
    return answer


async def test_each_says_what_became_of_it_and_never_what_it_says(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 7, and nothing of people."""
    order, broken = placed("#1"), placed("#2")
    applied = shop.delivery(order, "orders/create")
    await arrive(shop, applied)
    parked = await park(shop, broken)
    waits = shop.delivery(paid(broken), "orders/paid")
    await arrive(shop, waits)

    found = await listed(served_orders, shop)

    by_id = {each.id: each for each in found.deliveries}
    assert [(by_id[each].state, by_id[each].topic) for each in ids(applied, parked, waits)] == [
        (DELIVERY_STATE_APPLIED, "orders/create"),
        (DELIVERY_STATE_PARKED, "orders/updated"),
        (DELIVERY_STATE_WAITING, "orders/paid"),
    ]
    one = by_id[str(applied.id)]
    assert (one.outcome, one.body_bytes) == ("a snapshot of the order", len(body(order)))
    assert one.order_id == str((await shop.order("#1")).id)
    assert by_id[str(parked.id)].outcome == "orders/updated: sku: is not understood"
    assert by_id[str(parked.id)].body_sha256 != by_id[str(waits.id)].body_sha256
    assert "Layla" not in str(found)


async def test_filters_narrow_and_pages_follow(served_orders: ServedOrders, shop: Shop) -> None:
    orders = [placed(f"#{number}") for number in range(3)]
    await arrive(shop, *(shop.delivery(order, "orders/create") for order in orders))
    parked = await park(shop, placed("#4"), "orders/paid")
    future = Timestamp()
    future.FromJsonString("2999-01-01T00:00:00Z")

    async def found(**fields: Any) -> list[str]:
        return [each.id for each in (await listed(served_orders, shop, **fields)).deliveries]

    assert len(await found()) == 4
    assert await found(topic="orders/paid") == ids(parked)
    assert len(await found(topic="orders/create")) == 3
    assert await found(states=[DELIVERY_STATE_PARKED]) == ids(parked)
    assert len(await found(states=[DELIVERY_STATE_APPLIED, DELIVERY_STATE_WAITING])) == 3
    assert len(await found(store_id=str(shop.store.id))) == 4
    assert await found(store_id=str(uuid4())) == await found(received_from=future) == []
    first = await listed(served_orders, shop, page_size=3)
    rest = await listed(served_orders, shop, page_size=3, page_token=first.next_page_token)
    assert [each.id for each in (*first.deliveries, *rest.deliveries)] == await found()
    assert rest.next_page_token == ""
    with refused("PAGE_TOKEN_INVALID"):
        await listed(served_orders, shop, topic="orders/paid", page_token=first.next_page_token)
