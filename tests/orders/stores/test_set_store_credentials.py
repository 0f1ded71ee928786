"""SetStoreCredentials: what a store's API knows RAPPIT by."""

import json
from typing import Any
from uuid import UUID

import pytest

from chassis.sealing import Sealer
from orders.stores.record_refused_credentials import record_refused_credentials
from orders.stores.set_store_credentials import address_problem
from orders.stores.store import credentials_context
from rappit.gateway.v1.events_pb2 import DELIVERY_KIND_STORE
from rappit.orders.v1.store_pb2 import (
    PROVIDER_WOOCOMMERCE,
    STORE_STATE_CONNECTED,
    STORE_STATE_NEEDS_REAUTH,
    ShopifyCredentials,
    Store,
    WooCommerceCredentials,
)
from rappit.orders.v1.stores_pb2 import GetStoreRequest, SetStoreCredentialsRequest
from tests.given.connected_stores import connect, resolve
from tests.given.log_lines import LogLines
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.service_keys import ServiceKeys
from tests.given.shop import CLOCK, SECRET, Shop

TOKEN = "shpat_3d5c1f0a9b8e7d6c"
KEYS = {"consumer_key": "ck_3d5c1f0a9b8e7d6c", "consumer_secret": "cs_3d5c1f0a9b8e7d6c"}


async def set_credentials(served: ServedOrders, organization: UUID, store: Store, **fields: Any) -> Store:
    fields = fields or {"shopify": ShopifyCredentials(access_token=TOKEN)}
    request = SetStoreCredentialsRequest(store_id=store.id, **fields)
    changed: Store = (await served.call(served.stores.SetStoreCredentials, request, organization)).store
    return changed


async def test_they_are_sealed_and_shown_nowhere(
    served_orders: ServedOrders, shop: Shop, service_keys: ServiceKeys, log_lines: LogLines
) -> None:
    """Trap 7."""
    store = await connect(served_orders, shop.organization, provider=PROVIDER_WOOCOMMERCE)

    after = await set_credentials(served_orders, shop.organization, store, woocommerce=WooCommerceCredentials(**KEYS))

    assert after.has_credentials
    (row,) = await shop.rows("SELECT api_credentials FROM stores WHERE id = %s", store.id)
    sealer = Sealer.from_file(service_keys.master_key_file)
    assert json.loads(sealer.open(row.api_credentials, credentials_context(UUID(store.id)))) == KEYS
    answers = await shop.rows("SELECT answer FROM idempotency_keys")
    for value in KEYS.values():
        assert value not in str(after) + log_lines.text
        assert not [row for row in answers if value.encode() in row.answer]


async def test_new_ones_end_the_need_for_them_and_webhooks_never_stopped(
    served_orders: ServedOrders, shop: Shop
) -> None:
    store = await connect(served_orders, shop.organization)
    await set_credentials(served_orders, shop.organization, store)
    async with shop.database.transaction(shop.organization) as tx:
        await record_refused_credentials(tx, CLOCK, UUID(store.id), "they are void; set new ones", "test")

    request = GetStoreRequest(store_id=store.id)
    refusing: Store = (await served_orders.call(served_orders.stores.GetStore, request, shop.organization)).store
    assert (refusing.state, refusing.state_reason) == (STORE_STATE_NEEDS_REAUTH, "they are void; set new ones")
    assert not refusing.has_credentials
    assert list((await resolve(served_orders, store)).webhook_secrets) == [SECRET]
    after = await set_credentials(served_orders, shop.organization, store)
    assert (after.state, after.state_reason, after.has_credentials) == (STORE_STATE_CONNECTED, "", True)


@pytest.mark.parametrize(
    ("triggered_at", "state"),
    [
        ("2026-11-02T11:00:00.123456789Z", STORE_STATE_CONNECTED),
        ("2999-01-01T00:00:00Z", STORE_STATE_NEEDS_REAUTH),
        ("2026-11-02T11:00:00", STORE_STATE_NEEDS_REAUTH),
        ("yesterday", STORE_STATE_NEEDS_REAUTH),
        (None, STORE_STATE_NEEDS_REAUTH),
    ],
)
async def test_an_uninstall_of_before_they_were_set_leaves_them(
    served_orders: ServedOrders, shop: Shop, triggered_at: str | None, state: int
) -> None:
    """Trap 48: it is tried again for hours, and replayed for days; the app may be installed again meanwhile."""
    store = await connect(served_orders, shop.organization)
    await set_credentials(served_orders, shop.organization, store)
    late = shop.delivery({}, "app/uninstalled", store=UUID(store.id), kind=DELIVERY_KIND_STORE, external_id="")
    if triggered_at:
        late.event.headers["x-shopify-triggered-at"] = triggered_at

    await shop.receive(late)

    request = GetStoreRequest(store_id=store.id)
    after: Store = (await served_orders.call(served_orders.stores.GetStore, request, shop.organization)).store
    assert (after.state, after.has_credentials) == (state, state == STORE_STATE_CONNECTED)


async def test_another_providers_are_refused(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)

    with refused("INVALID_REQUEST") as refusal:
        await set_credentials(served_orders, shop.organization, store, woocommerce=WooCommerceCredentials(**KEYS))

    assert [violation.field for violation in refusal.error.violations] == ["credentials"]


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", ""),
        ("https://shop.example", ""),
        ("https://shop.example/store", ""),
        ("https://SHOP.example:443", ""),
        ("http://shop.example", "is not https"),
        ("https://shop.example:8443", "is not https"),
        ("https://shop.example.evil.example", "is not at shop.example"),
        ("https://169.254.169.254/latest", "is not at shop.example"),
        ("https://shop.example@evil.example", "has more than scheme, host and path"),
        ("https://evil.example\\@shop.example", "has more than scheme, host and path"),
        ("https://shop.example?x=1", "has more than scheme, host and path"),
        ("https://shop.example:99999", "is no address"),
        ("ftp://shop.example", "is not https"),
        ("shop.example", "has more than scheme, host and path"),
    ],
)
def test_only_the_shops_own_address_is_called(address: str, problem: str) -> None:
    assert address_problem(address, "shop.example", development=False) == problem


def test_on_a_laptop_a_shop_is_simulated_elsewhere() -> None:
    assert address_problem("http://127.0.0.1:8091", "shop.example", development=True) == ""
