"""ReplayDeliveries: all that a filter finds, each by itself."""

from typing import Any
from unittest.mock import patch
from uuid import uuid4

from google.protobuf.timestamp_pb2 import Timestamp

from orders.providers.read_delivery import read_delivery
from orders.providers.unreadable_body import UnreadableBody
from rappit.orders.v1.webhooks_pb2 import DeliveryResult, ParkedDeliveries, ReplayDeliveriesRequest
from tests.given.parked import ids, park, states
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import placed


async def replay(
    served: ServedOrders, shop: Shop, *, dry_run: bool = False, **filters: Any
) -> dict[str, DeliveryResult]:
    """What came of each, in the order in which they were replayed."""
    request = ReplayDeliveriesRequest(filter=ParkedDeliveries(**filters), dry_run=dry_run)
    answer = await served.call(served.webhooks.ReplayDeliveries, request, shop.organization)
    return {each.delivery_id: each for each in answer.results}


async def test_each_says_what_came_of_it_and_one_that_fails_keeps_no_other(
    served_orders: ServedOrders, shop: Shop
) -> None:
    """Trap 13."""
    first, second = await park(shop, placed("#1")), await park(shop, placed("#2"))

    def of_first_unreadable(provider: object, topic: str, external_id: str, body: bytes) -> object:
        if external_id == first.event.external_id:
            raise UnreadableBody("sku", "is still odd")
        return read_delivery(provider, topic, external_id, body)  # type: ignore[arg-type]

    with patch("orders.webhooks.on_gateway.read_delivery", side_effect=of_first_unreadable):
        found = await replay(served_orders, shop)

    assert list(found) == ids(first, second)
    failed, done = found.values()
    assert (failed.done, failed.failure, list(failed.changes)) == (False, "orders/updated: sku: is still odd", [])
    assert (done.done, done.failure, done.changes[0]) == (True, "", "a snapshot of the order")
    assert await states(shop) == ["PARKED", "DONE"]


async def test_filters_narrow(served_orders: ServedOrders, shop: Shop) -> None:
    sister = await open_shop(shop.database, organization=shop.organization)
    mine, paid = await park(shop, placed("#1")), await park(shop, placed("#2"), "orders/paid")
    hers = await park(sister, placed("#3"))
    future = Timestamp()
    future.FromJsonString("2999-01-01T00:00:00Z")

    async def found(**filters: Any) -> list[str]:
        return list(await replay(served_orders, shop, dry_run=True, **filters))

    assert await found() == ids(mine, paid, hers)
    assert await found(topic="orders/paid") == ids(paid)
    assert await found(store_id=str(sister.store.id)) == ids(hers)
    assert await found(received_from=future) == []


async def test_a_dry_run_of_all_changes_nothing(served_orders: ServedOrders, shop: Shop) -> None:
    parked = await park(shop, placed("#1"))

    found = await replay(served_orders, shop, dry_run=True)

    assert [found[each].done for each in ids(parked)] == [True]
    assert await states(shop) == ["PARKED"]
    assert await shop.orders() == []


async def test_the_oldest_first_and_no_more_than_one_call_takes(served_orders: ServedOrders, shop: Shop) -> None:
    first, _ = await park(shop, placed("#1")), await park(shop, placed("#2"))

    with patch("orders.webhooks.replay_deliveries.MOST_AT_ONCE", 1):
        assert list(await replay(served_orders, shop)) == ids(first)


async def test_one_that_somebody_took_meanwhile_says_so_and_keeps_no_other(
    served_orders: ServedOrders, shop: Shop
) -> None:
    parked, gone = await park(shop, placed("#1")), uuid4()

    with patch("orders.webhooks.replay_deliveries.parked_deliveries", return_value=[gone, parked.id]):
        found = await replay(served_orders, shop)

    assert [(each.done, each.failure) for each in found.values()] == [(False, "there is no such delivery"), (True, "")]
