"""DisconnectStore: no more webhooks, but for what the law asks; connecting the shop again goes on."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from rappit.orders.v1.store_pb2 import (
    PROVIDER_WOOCOMMERCE,
    STORE_STATE_CONNECTED,
    STORE_STATE_DISCONNECTED,
    ShopifyCredentials,
    Store,
)
from rappit.orders.v1.stores_pb2 import DisconnectStoreRequest, SetStoreCredentialsRequest
from tests.given.connected_stores import connect, resolve, told_versions
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import SECRET, Shop

TOKEN = "shpat_3d5c1f0a9b8e7d6c"


async def disconnect(served: ServedOrders, organization: UUID, store: Store) -> Store:
    request = DisconnectStoreRequest(store_id=store.id)
    gone: Store = (await served.call(served.stores.DisconnectStore, request, organization)).store
    return gone


async def test_its_credentials_go_and_its_secret_signs_what_it_asks_for_people_alone(
    served_orders: ServedOrders, shop: Shop
) -> None:
    """Trap 7. Shopify asks for people 48 hours after a shop is gone, and later."""
    store = await connect(served_orders, shop.organization)
    credentials = SetStoreCredentialsRequest(store_id=store.id, shopify=ShopifyCredentials(access_token=TOKEN))
    await served_orders.call(served_orders.stores.SetStoreCredentials, credentials, shop.organization)

    gone = await disconnect(served_orders, shop.organization, store)

    assert (gone.state, gone.has_credentials) == (STORE_STATE_DISCONNECTED, False)
    assert "connect the shop again" in gone.state_reason
    resolved = await resolve(served_orders, store)
    assert (resolved.state, list(resolved.webhook_secrets)) == (STORE_STATE_DISCONNECTED, [SECRET])
    rest = gone.old_webhook_secret_end_time.ToDatetime(UTC) - datetime.now(UTC)
    assert timedelta(days=89) < rest < timedelta(days=91)
    (kept,) = await shop.rows("SELECT webhook_secret, api_credentials FROM stores WHERE id = %s", store.id)
    assert tuple(kept) == (b"", None)
    assert await told_versions(served_orders, shop.organization, store) == [1, 2, 3]


async def test_a_store_that_asks_for_nobody_keeps_no_secret(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 7. WooCommerce's people are in the shop's own hands."""
    store = await connect(served_orders, shop.organization, provider=PROVIDER_WOOCOMMERCE)

    gone = await disconnect(served_orders, shop.organization, store)

    assert not gone.HasField("old_webhook_secret_end_time")
    assert list((await resolve(served_orders, store)).webhook_secrets) == []
    (kept,) = await shop.rows("SELECT webhook_secret, old_webhook_secret FROM stores WHERE id = %s", store.id)
    assert tuple(kept) == (b"", None)


async def test_the_shop_connected_again_is_the_same_store(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)
    await disconnect(served_orders, shop.organization, store)

    again = await connect(
        served_orders, shop.organization, shop=store.shop, name="Back", webhook_secret="shpss_back_again_01"
    )

    assert (again.id, again.name, again.state, again.state_reason) == (store.id, "Back", STORE_STATE_CONNECTED, "")
    assert not again.HasField("old_webhook_secret_end_time")
    assert list((await resolve(served_orders, store)).webhook_secrets) == ["shpss_back_again_01"]
    with refused("STORE_ALREADY_CONNECTED"):
        await connect(served_orders, shop.organization, shop=store.shop)


async def test_disconnecting_twice_changes_nothing(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)
    gone = await disconnect(served_orders, shop.organization, store)

    assert await disconnect(served_orders, shop.organization, store) == gone
