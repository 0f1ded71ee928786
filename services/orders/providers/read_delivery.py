"""A delivery of any provider: what it says."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from typing import NamedTuple

from orders.orders.snapshot import ShippingLine, Snapshot, SnapshotLine, Totals
from orders.providers.money import GREATEST
from orders.providers.reading import Deleted, Hint, PrivacyRequest, Reading, Uninstalled, WithoutEffect
from orders.providers.shopify import order as shopify_order
from orders.providers.shopify import topics as shopify_topics
from orders.providers.unreadable_body import UnreadableBody
from orders.providers.woocommerce import order as woocommerce_order
from orders.providers.woocommerce import topics as woocommerce_topics

# Of what the store's API answered when it was asked for an order, and of its answer that there is none.
FETCHED = "refetch"
GONE = "refetch/gone"
# Stores' times are whole seconds.
AFTER_DELIVERIES = timedelta(microseconds=1)
# A person waits for it by law, or the store is gone: handled whatever else of its organisation waits.
ALWAYS_HANDLED = frozenset({"app/uninstalled", "customers/data_request", "customers/redact", "shop/redact"})


class Provider(NamedTuple):
    """How one provider's deliveries are read, and what its API answers."""

    read_topic: Callable[[str, bytes], Reading]
    read_fetched: Callable[[bytes], Snapshot | WithoutEffect]


PROVIDERS = {
    "shopify": Provider(shopify_topics.read_topic, shopify_order.read_fetched),
    "woocommerce": Provider(woocommerce_topics.read_topic, woocommerce_order.read_fetched),
}


def read_delivery(provider: Provider, topic: str, external_id: str, body: bytes) -> Reading:
    """Read a delivery about the order that the gateway found in it, if it found one. Raises UnreadableBody."""
    said = _read(provider, topic, body)
    if isinstance(said, WithoutEffect | Uninstalled | PrivacyRequest):
        return said
    if not external_id:
        raise UnreadableBody("", "does not say which order it is about")
    snapshot = said.snapshot if isinstance(said, Hint) else said
    if isinstance(snapshot, Snapshot):
        if snapshot.external_id != external_id:
            # It would be applied in another order's lane, beside that order's own deliveries.
            raise UnreadableBody("id", "is another than the one under which it was queued")
        _refuse_what_cannot_be_kept(snapshot)
    return said


def _refuse_what_cannot_be_kept(snapshot: Snapshot) -> None:
    """Each amount of the body fits; sums, products and differences of them may not."""
    totals = snapshot.totals, snapshot.presentment_totals
    parts: list[Totals | SnapshotLine | ShippingLine] = [*totals, *snapshot.lines, *snapshot.shipping_lines]
    for part in parts:
        for field in fields(part):
            value = getattr(part, field.name)
            if isinstance(value, int) and abs(value) > GREATEST:
                raise UnreadableBody("", f"makes a {field.name} beyond 64 bits")


def _read(provider: Provider, topic: str, body: bytes) -> Reading:
    if topic == GONE:
        return Deleted()
    if topic != FETCHED:
        return provider.read_topic(topic, body)
    said = provider.read_fetched(body)
    if isinstance(said, WithoutEffect):
        return said
    # It was asked for where deliveries of one time disagreed, or held too little: it counts after all of them.
    return replace(said, rank=said.rank._replace(time=said.rank.time + AFTER_DELIVERIES))
