"""Stores that were connected over the wire, and what the gateway and others hear of them."""

from typing import Any
from uuid import UUID, uuid4

from rappit.orders.v1.store_pb2 import PROVIDER_SHOPIFY, Store
from rappit.orders.v1.stores_pb2 import ConnectStoreRequest, ResolveStoreRequest, ResolveStoreResponse
from tests.given.served_orders import ServedOrders
from tests.given.shop import SECRET


async def connect(served: ServedOrders, organization: UUID, **fields: Any) -> Store:
    """A store is connected: at Shopify, with SECRET, unless told otherwise."""
    values: dict[str, Any] = {
        "provider": PROVIDER_SHOPIFY,
        "name": "Riyadh",
        "shop": new_shop(),
        "webhook_secret": SECRET,
    }
    request = ConnectStoreRequest(**values | fields)
    connected: Store = (await served.call(served.stores.ConnectStore, request, organization)).store
    return connected


def new_shop() -> str:
    """A shop that nobody has connected."""
    return f"{uuid4().hex}.myshopify.com"


async def resolve(served: ServedOrders, store: Store) -> ResolveStoreResponse:
    """The store as the gateway sees it."""
    found: ResolveStoreResponse = await served.peer.call(
        served.stores.ResolveStore, ResolveStoreRequest(store_id=store.id)
    )
    return found


async def told_versions(served: ServedOrders, organization: UUID, store: Store) -> list[int]:
    """Versions of the store that others were told of: each makes the gateway ask again."""
    async with served.database.transaction(organization) as tx:
        statement = "SELECT count(*) FROM outbox WHERE aggregateid = %s AND type = 'store_changed'"
        (row,) = await (await tx.execute(statement, (store.id,))).fetchall()
    return list(range(1, row[0] + 1))
