"""Which topics of Shopify are read, and why the others have no effect here."""

# Their body is a whole order. Shopify sends `orders/updated` along with most of the others, in any order.
SNAPSHOTS = frozenset({"orders/create", "orders/updated", "orders/paid", "orders/cancelled"})

_NO_WHOLE_ORDER = "it is no whole order; the orders/updated beside it brings what changed"
_SENT_TWICE = "the orders/updated beside it brings the same order"
_WITHOUT_EFFECT = {
    "orders/edited": _NO_WHOLE_ORDER,
    "orders/fulfilled": _SENT_TWICE,
    "orders/partially_fulfilled": _SENT_TWICE,
    "refunds/create": _NO_WHOLE_ORDER,
    "fulfillments/create": _NO_WHOLE_ORDER,
    "fulfillments/update": _NO_WHOLE_ORDER,
    "orders/delete": "an order that a store deletes stays here as it was",
}


def why_without_effect(topic: str) -> str | None:
    """None for a topic that is read, else why a delivery of it changes nothing."""
    return None if topic in SNAPSHOTS else _WITHOUT_EFFECT.get(topic, "the topic is not read")
