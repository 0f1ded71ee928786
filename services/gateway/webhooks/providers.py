"""The providers whose deliveries are taken, by their name in the address."""

import html
import re

from gateway.webhooks.envelopes import Provider
from gateway.webhooks.subjects import ORDER, PRODUCT, STORE, Place
from rappit.orders.v1.store_pb2 import Provider as StoreProvider


def _both(name: bytes) -> tuple[bytes, bytes]:
    """Shopify's newer events spell the same headers without the `x-`."""
    return b"x-" + name, name


# As wp_specialchars_decode reads them: once, and these five characters alone.
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|#0*(?:34|38|39|60|62)|#[xX]0*(?:22|26|27));")


def _without_entities(secret: str) -> bytes:
    """WordPress keeps what was typed with its entities, and WooCommerce signs with what they stand for."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), secret).encode()


_PRIVACY = frozenset({"customers/data_request", "customers/redact", "shop/redact"})
_ITSELF = Place(ORDER, ("id",))
_OF_ORDER = Place(ORDER, ("order_id",))
_OF_ORDER_INSIDE = Place(ORDER, ("order", "id"))
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
        "orders/risk_assessment_changed": _OF_ORDER,
        "refunds/create": _OF_ORDER,
        "fulfillments/create": _OF_ORDER,
        "fulfillments/update": _OF_ORDER,
        "fulfillment_events/create": _OF_ORDER,
        "fulfillment_events/delete": _OF_ORDER,
        "order_transactions/create": _OF_ORDER,
        "tender_transactions/create": _OF_ORDER,
        "returns/request": _OF_ORDER_INSIDE,
        "returns/approve": _OF_ORDER_INSIDE,
        "returns/decline": _OF_ORDER_INSIDE,
        "returns/cancel": _OF_ORDER_INSIDE,
        "returns/close": _OF_ORDER_INSIDE,
        "returns/reopen": _OF_ORDER_INSIDE,
        "returns/update": _OF_ORDER_INSIDE,
        "products/create": _PRODUCT,
        "products/update": _PRODUCT,
        "products/delete": _PRODUCT,
        "app/uninstalled": _STORE,
        "app/scopes_update": _STORE,
        "shop/update": _STORE,
        **dict.fromkeys(_PRIVACY, _STORE),
    },
    privacy=_PRIVACY,
)

# woocommerce/includes/class-wc-webhook.php. Its delivery id is a hash of the webhook and the second, so that two
# deliveries may share one; the event id holds topic and body too. The shop that it names is not looked at: the
# secret is the webhook's own, and a shop moved to another address must not lose what is sent once and never again.
WOOCOMMERCE = Provider(
    name="woocommerce",
    number=StoreProvider.PROVIDER_WOOCOMMERCE,
    signature=(b"x-wc-webhook-signature",),
    topic=(b"x-wc-webhook-topic",),
    delivery_id=(b"x-wc-webhook-delivery-id",),
    shop=(),
    kept={},
    # What is deleted has its id alone.
    places={
        f"{resource}.{what}": place
        for resource, place in (("order", _ITSELF), ("product", _PRODUCT))
        for what in ("created", "updated", "deleted", "restored")
    },
    key=_without_entities,
    ping=re.compile(rb"webhook_id=[0-9]{1,20}"),
)

PROVIDERS = {provider.name: provider for provider in (SHOPIFY, WOOCOMMERCE)}
