"""GetDelivery."""

from uuid import uuid4

from rappit.orders.v1.delivery_pb2 import DELIVERY_STATE_APPLIED, DELIVERY_STATE_PARKED, Delivery
from rappit.orders.v1.webhooks_pb2 import GetDeliveryRequest
from tests.given.parked import arrive, park
from tests.given.privacy import request
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import placed


async def get(served: ServedOrders, shop: Shop, delivery_id: object) -> Delivery:
    request = GetDeliveryRequest(delivery_id=str(delivery_id))
    found: Delivery = (await served.call(served.webhooks.GetDelivery, request, shop.organization)).delivery
    return found


async def test_one_that_was_applied_and_one_that_was_given_up(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed("#1")
    applied = shop.delivery(order)
    await arrive(shop, applied)
    parked = await park(shop, placed("#2"))

    one, other = [await get(served_orders, shop, each.id) for each in (applied, parked)]

    assert (one.state, one.external_id, one.tries) == (DELIVERY_STATE_APPLIED, str(order["id"]), 0)
    assert one.order_id == str((await shop.order("#1")).id)
    assert (other.state, other.tries, other.order_id) == (DELIVERY_STATE_PARKED, 1, "")
    assert (other.topic, other.store_id) == ("orders/updated", str(shop.store.id))
    assert other.outcome == "orders/updated: sku: is not understood"


async def test_what_became_since_of_what_they_asked_for(served_orders: ServedOrders, shop: Shop) -> None:
    hint = shop.delivery(b"{}", "orders/edited", external_id="1")
    asked = request(shop, "customers/data_request")
    await arrive(shop, hint, asked)
    async with shop.database.transaction(shop.organization) as tx:
        await tx.execute("UPDATE deliveries SET outcome = 'it was edited; the store is asked' WHERE external_id = '1'")
        await tx.execute("UPDATE refetches SET failure = 'the store answered 503'")
        await tx.execute("UPDATE privacy_requests SET outcome = 'nothing is held', done_time = now()")

    outcomes = [(await get(served_orders, shop, each.id)).outcome for each in (hint, asked)]

    assert outcomes == [
        "it was edited; the store is asked; the store answered 503",
        "a privacy request: DATA_REQUEST; nothing is held",
    ]


async def test_nobody_elses_is_found(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    neighbour = await open_shop(shop.database)
    theirs = neighbour.delivery(placed())
    await arrive(neighbour, theirs)

    for delivery_id in (theirs.id, uuid4()):
        with refused("DELIVERY_NOT_FOUND"):
            await get(served_orders, shop, delivery_id)
