"""Which topics of Shopify are read, and why the others have no effect here."""

from orders.providers.fields import Fields
from orders.providers.reading import (
    NOT_ITEMS,
    Deleted,
    Hint,
    PrivacyKind,
    PrivacyRequest,
    Reading,
    RiskAssessed,
    Uninstalled,
    WithoutEffect,
)
from orders.providers.shopify.order import read_order

# Their body is a whole order. Shopify sends `orders/updated` along with most of the others, in any order.
_SNAPSHOTS = frozenset(
    {
        "orders/create",
        "orders/updated",
        "orders/paid",
        "orders/cancelled",
        "orders/fulfilled",
        "orders/partially_fulfilled",
    }
)
# Their body is a part of an order, or a difference. The `orders/updated` beside them may be lost, or not subscribed.
_HINTS = {
    "orders/edited": "it was edited",
    "refunds/create": "something was refunded",
    "fulfillments/create": "something left",
    "fulfillments/update": "something left, or did not",
}
_PRIVACY = {
    "customers/data_request": (PrivacyKind.DATA_REQUEST, "orders_requested"),
    "customers/redact": (PrivacyKind.CUSTOMER_REDACT, "orders_to_redact"),
    "shop/redact": (PrivacyKind.SHOP_REDACT, ""),
}
# Of the risk of fraud. Who assessed it is empty for Shopify itself.
_HIGH_RISK = "high"
_RISK_LEVELS = frozenset({_HIGH_RISK, "medium", "low", "none"})
# Whoever assesses it has not found out yet: what was said last counts until then.
_NOT_ASSESSED = "pending"
# Their topic says it all. The body of orders/delete is the id alone since 2024.
_BY_TOPIC: dict[str, Reading] = {
    "orders/delete": Deleted(),
    "app/uninstalled": Uninstalled(),
    **dict.fromkeys(("products/create", "products/update", "products/delete"), NOT_ITEMS),
}


def read_topic(topic: str, body: bytes) -> Reading:
    """What a delivery of this topic says. Raises UnreadableBody."""
    if topic in _SNAPSHOTS:
        return read_order(body)
    if topic in _HINTS:
        return Hint(_HINTS[topic])
    if topic == "orders/risk_assessment_changed":
        return _risk(Fields.of(body))
    if topic in _PRIVACY:
        return _of_people(*_PRIVACY[topic], Fields.of(body))
    return _BY_TOPIC.get(topic, WithoutEffect("the topic is not read"))


def _risk(body: Fields) -> RiskAssessed | WithoutEffect:
    level = body.text("risk_level").lower()
    if level == _NOT_ASSESSED:
        return WithoutEffect("the risk is not assessed yet")
    if level not in _RISK_LEVELS:
        raise body.wrong("risk_level", "is no level that Shopify documents")
    assessor = body.identifier("provider_id") if body.has("provider_id") else ""
    return RiskAssessed(assessor, level == _HIGH_RISK, body.time("created_at"))


def _of_people(kind: PrivacyKind, orders: str, body: Fields) -> PrivacyRequest:
    """A request for one person, who may have an id, an e-mail address, orders, or some of these alone; or for all."""
    shop = body.text("shop_domain").lower()
    if not orders:
        return PrivacyRequest(kind, shop=shop)
    customer = body.child("customer") or Fields({})
    return PrivacyRequest(
        kind,
        customer_external_id=customer.identifier("id") if customer.has("id") else "",
        email=customer.text("email"),
        order_external_ids=body.identifiers(orders),
        shop=shop,
    )
