"""Which topics of WooCommerce are read, and why the others have no effect here."""

from orders.providers.reading import NOT_ITEMS, Deleted, OfOrder, WithoutEffect
from orders.providers.woocommerce.order import read_order

# Their body is a whole order. WooCommerce sends each once and never again.
_SNAPSHOTS = frozenset({"order.created", "order.updated", "order.restored"})


def read_topic(topic: str, body: bytes) -> OfOrder:
    """What a delivery of this topic says. Raises UnreadableBody."""
    if topic in _SNAPSHOTS:
        return read_order(body)
    if topic == "order.deleted":
        return Deleted()  # the body is the id alone; also for an order in the bin, which order.restored brings back
    return NOT_ITEMS if topic.startswith("product.") else WithoutEffect("the topic is not read")
