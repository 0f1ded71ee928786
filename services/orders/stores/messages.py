"""Stores on the wire."""

from chassis.timestamps import timestamp
from orders.stores import store as stores
from orders.stores.resolve_store import ResolvedStore
from rappit.orders.v1 import stores_pb2 as proto

_PROVIDERS = {
    proto.PROVIDER_SHOPIFY: stores.Provider.SHOPIFY,
    proto.PROVIDER_WOOCOMMERCE: stores.Provider.WOOCOMMERCE,
}
_NUMBERS = {provider: number for number, provider in _PROVIDERS.items()}


def provider(number: proto.Provider.ValueType) -> stores.Provider:
    """The provider that a request names."""
    return _PROVIDERS[number]


def store_message(store: stores.Store) -> proto.Store:
    """The store as its people see it."""
    return proto.Store(
        id=str(store.id),
        provider=_NUMBERS[store.provider],
        name=store.name,
        shop=store.shop,
        webhook_path=store.webhook_path,
        create_time=timestamp(store.create_time),
    )


def resolve_store_response(resolved: ResolvedStore) -> proto.ResolveStoreResponse:
    """The store as the gateway sees it."""
    return proto.ResolveStoreResponse(
        organization_id=str(resolved.organization),
        provider=_NUMBERS[resolved.store.provider],
        shop=resolved.store.shop,
        webhook_secrets=resolved.webhook_secrets,
    )
