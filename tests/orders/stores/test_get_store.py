"""GetStore: one store, without its secrets."""

from uuid import uuid4

from rappit.orders.v1.store_pb2 import PROVIDER_SHOPIFY
from rappit.orders.v1.stores_pb2 import GetStoreRequest
from tests.given.parked import arrive, park
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import paid, placed


async def test_a_store_is_shown(served_orders: ServedOrders, shop: Shop) -> None:
    request = GetStoreRequest(store_id=str(shop.store.id))

    store = (await served_orders.call(served_orders.stores.GetStore, request, shop.organization)).store

    assert (store.id, store.provider, store.name) == (str(shop.store.id), PROVIDER_SHOPIFY, "Riyadh")
    assert (store.shop, store.webhook_path) == (shop.store.shop, f"/webhooks/shopify/{store.id}")


async def health(served: ServedOrders, shop: Shop) -> tuple[int, int, int, list[str]]:
    request = GetStoreRequest(store_id=str(shop.store.id))
    found = (await served.call(served.stores.GetStore, request, shop.organization)).store.health
    return found.waiting_deliveries, found.parked_deliveries, found.orders_to_ask, list(found.next_steps)


async def test_it_says_how_it_goes_and_what_to_do(served_orders: ServedOrders, shop: Shop) -> None:
    nothing = f"nothing came in the last 30 days: have the store send its webhooks to {shop.store.webhook_path}"
    assert await health(served_orders, shop) == (0, 0, 0, [nothing])

    order, answered = placed("#1"), placed("#3")
    await shop.deliver({"order": answered}, topic="refetch", external_id=str(answered["id"]))
    assert await health(served_orders, shop) == (0, 0, 0, [nothing])
    await shop.deliver(placed("#2"))
    assert await health(served_orders, shop) == (0, 0, 0, [])
    await park(shop, order)
    await arrive(shop, shop.delivery(paid(order)))
    await shop.deliver({}, topic="orders/edited", external_id="1")

    waiting, parked, to_ask, steps = await health(served_orders, shop)
    assert (waiting, parked, to_ask) == (1, 1, 1)
    assert steps[0].startswith("1 delivery could not be applied and stops its order: ")
    assert steps[1] == "1 order changed in the store in ways that only its API tells: set API credentials"


async def test_one_that_needs_new_credentials_says_why_and_what_to_do(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver({}, topic="app/uninstalled", external_id="")

    *_, steps = await health(served_orders, shop)

    assert steps == ["the app was uninstalled in the store; install it there again, then set new API credentials"]


async def test_an_unknown_store_is_not_found(served_orders: ServedOrders, shop: Shop) -> None:
    request = GetStoreRequest(store_id=str(uuid4()))

    with refused("STORE_NOT_FOUND") as refusal:
        await served_orders.call(served_orders.stores.GetStore, request, shop.organization)

    assert (refusal.error.domain, refusal.error.facts) == ("orders.rappit", {"store_id": request.store_id})


async def test_another_organisations_store_is_not_found(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    stranger = await open_shop(shop.database)
    request = GetStoreRequest(store_id=str(stranger.store.id))

    with refused("STORE_NOT_FOUND"):
        await served_orders.call(served_orders.stores.GetStore, request, shop.organization)


async def test_it_needs_its_permission(served_orders: ServedOrders, shop: Shop) -> None:
    request = GetStoreRequest(store_id=str(shop.store.id))

    with refused("NOT_PERMITTED"):
        await served_orders.call(served_orders.stores.GetStore, request, shop.organization, "orders.read")
