"""The providers whose deliveries are taken, by their name in the address."""

from gateway.webhooks.envelopes import Provider
from gateway.webhooks.subjects import ORDER, PRODUCT, STORE, Place
from rappit.orders.v1.stores_pb2 import Provider as StoreProvider


def _both(name: bytes) -> tuple[bytes, bytes]:
    """Shopify's newer events spell the same headers without the `x-`."""
    return b"x-" + name, name


_ITSELF = Place(ORDER, ("id",))
_OF_ORDER = Place(ORDER, ("order_id",))
_PRODUCT = Place(PRODUCT, ("id",))
_STORE = Place(STORE)

# shopify.dev, "Webhooks": headers, and topics with their payloads of version 2024-10.
SHOPIFY = Provider(
    name="shopify",
    number=StoreProvider.PROVIDER_SHOPIFY,
    signature=_both(b"shopify-hmac-sha256"),
    topic=_both(b"shopify-topic"),
    delivery_id=_both(b"shopify-webhook-id"),
    shop=_both(b"shopify-shop-domain"),
    kept={
        spelling: name
        for name in ("x-shopify-api-version", "x-shopify-triggered-at")
        for spelling in _both(name.removeprefix("x-").encode())
    },
    places={
        "orders/create": _ITSELF,
        "orders/updated": _ITSELF,
        "orders/paid": _ITSELF,
        "orders/cancelled": _ITSELF,
        "orders/fulfilled": _ITSELF,
        "orders/partially_fulfilled": _ITSELF,
        # A whole order in 2023, `{"id": ...}` alone since 2024.
        "orders/delete": _ITSELF,
        # A difference, not an order: it names the order inside.
        "orders/edited": Place(ORDER, ("order_edit", "order_id")),
        "refunds/create": _OF_ORDER,
        "fulfillments/create": _OF_ORDER,
        "fulfillments/update": _OF_ORDER,
        "products/create": _PRODUCT,
        "products/update": _PRODUCT,
        "products/delete": _PRODUCT,
        "app/uninstalled": _STORE,
        "customers/data_request": _STORE,
        "customers/redact": _STORE,
        "shop/redact": _STORE,
        "shop/update": _STORE,
    },
)

PROVIDERS = {provider.name: provider for provider in (SHOPIFY,)}
