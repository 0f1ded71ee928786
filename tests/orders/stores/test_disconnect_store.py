"""DisconnectStore: no more webhooks; connecting the shop again goes on."""

from uuid import UUID

from rappit.orders.v1.store_pb2 import STORE_STATE_CONNECTED, STORE_STATE_DISCONNECTED, ShopifyCredentials, Store
from rappit.orders.v1.stores_pb2 import DisconnectStoreRequest, SetStoreCredentialsRequest
from tests.given.connected_stores import connect, resolve, told_versions
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop

TOKEN = "shpat_3d5c1f0a9b8e7d6c"


async def disconnect(served: ServedOrders, organization: UUID, store: Store) -> Store:
    request = DisconnectStoreRequest(store_id=store.id)
    gone: Store = (await served.call(served.stores.DisconnectStore, request, organization)).store
    return gone


async def test_nothing_signs_for_it_any_more_and_nothing_of_it_is_kept(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 7."""
    store = await connect(served_orders, shop.organization)
    credentials = SetStoreCredentialsRequest(store_id=store.id, shopify=ShopifyCredentials(access_token=TOKEN))
    await served_orders.call(served_orders.stores.SetStoreCredentials, credentials, shop.organization)

    gone = await disconnect(served_orders, shop.organization, store)

    assert (gone.state, gone.has_credentials) == (STORE_STATE_DISCONNECTED, False)
    assert "connect the shop again" in gone.state_reason
    resolved = await resolve(served_orders, store)
    assert (resolved.state, list(resolved.webhook_secrets)) == (STORE_STATE_DISCONNECTED, [])
    kept = await shop.rows("SELECT webhook_secret, api_credentials FROM stores WHERE id = %s", store.id)
    assert [tuple(row) for row in kept] == [(b"", None)]
    assert await told_versions(served_orders, shop.organization, store) == [1, 2, 3]


async def test_the_shop_connected_again_is_the_same_store(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)
    await disconnect(served_orders, shop.organization, store)

    again = await connect(
        served_orders, shop.organization, shop=store.shop, name="Back", webhook_secret="shpss_back_again_01"
    )

    assert (again.id, again.name, again.state, again.state_reason) == (store.id, "Back", STORE_STATE_CONNECTED, "")
    assert list((await resolve(served_orders, store)).webhook_secrets) == ["shpss_back_again_01"]
    with refused("STORE_ALREADY_CONNECTED"):
        await connect(served_orders, shop.organization, shop=store.shop)


async def test_disconnecting_twice_changes_nothing(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)
    gone = await disconnect(served_orders, shop.organization, store)

    assert await disconnect(served_orders, shop.organization, store) == gone
