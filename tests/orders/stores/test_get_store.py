"""GetStore: one store, without its secrets."""

from uuid import uuid4

from rappit.orders.v1.store_pb2 import PROVIDER_SHOPIFY
from rappit.orders.v1.stores_pb2 import GetStoreRequest
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop


async def test_a_store_is_shown(served_orders: ServedOrders, shop: Shop) -> None:
    request = GetStoreRequest(store_id=str(shop.store.id))

    store = (await served_orders.call(served_orders.stores.GetStore, request, shop.organization)).store

    assert (store.id, store.provider, store.name) == (str(shop.store.id), PROVIDER_SHOPIFY, "Riyadh")
    assert (store.shop, store.webhook_path) == (shop.store.shop, f"/webhooks/shopify/{store.id}")


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
