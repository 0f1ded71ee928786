"""ResolveStore: what the gateway needs to check a store's webhooks."""

from uuid import UUID, uuid4

import pytest

from rappit.orders.v1.store_pb2 import PROVIDER_SHOPIFY
from rappit.orders.v1.stores_pb2 import ConnectStoreRequest, ResolveStoreRequest, ResolveStoreResponse
from tests.given.mint import Mint
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import SECRET, Shop


async def resolve(served: ServedOrders, store_id: str, token: str | None = None) -> ResolveStoreResponse:
    """What the gateway is answered."""
    return await served.peer.call(served.stores.ResolveStore, ResolveStoreRequest(store_id=store_id), token=token)


@pytest.fixture
async def store_id(served_orders: ServedOrders, shop: Shop) -> str:
    """A store whose secret was sealed by the service that serves."""
    request = ConnectStoreRequest(
        provider=PROVIDER_SHOPIFY, name="Jeddah", shop=f"{uuid4().hex}.myshopify.com", webhook_secret=SECRET
    )
    connected: str = (await served_orders.call(served_orders.stores.ConnectStore, request, shop.organization)).store.id
    return connected


async def test_a_store_is_resolved_without_knowing_whose_it_is(
    served_orders: ServedOrders, shop: Shop, store_id: str
) -> None:
    found = await resolve(served_orders, store_id)

    assert UUID(found.organization_id) == shop.organization
    assert (found.provider, list(found.webhook_secrets)) == (PROVIDER_SHOPIFY, [SECRET])
    assert found.shop.endswith(".myshopify.com")


async def test_an_unknown_store_is_not_found(served_orders: ServedOrders) -> None:
    with refused("STORE_NOT_FOUND"):
        await resolve(served_orders, str(uuid4()))


async def test_only_the_gateway_may_ask(served_orders: ServedOrders, mint: Mint, store_id: str) -> None:
    """Traps 7 and 50."""
    person = mint.internal_token("orders", "stores.read", "stores.connect")

    for token in (person, mint.service_token("inventory", "orders"), mint.service_token("identity", "orders")):
        with refused("NOT_PERMITTED"):
            await resolve(served_orders, store_id, token)


async def test_an_id_that_is_none_is_refused(served_orders: ServedOrders) -> None:
    with refused("INVALID_REQUEST"):
        await resolve(served_orders, "riyadh")
