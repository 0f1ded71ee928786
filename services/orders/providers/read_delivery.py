"""A delivery of any provider: what it says of an order, or why it has no effect."""

from collections.abc import Callable
from typing import NamedTuple

from orders.orders.snapshot import Snapshot
from orders.providers.shopify.order import read_order
from orders.providers.shopify.topics import why_without_effect
from orders.providers.unreadable_body import UnreadableBody


class Provider(NamedTuple):
    """How one provider's deliveries are read."""

    why_without_effect: Callable[[str], str | None]
    read_order: Callable[[bytes], Snapshot]


class WithoutEffect(NamedTuple):
    """A delivery that changes nothing, and why."""

    reason: str


PROVIDERS = {"shopify": Provider(why_without_effect, read_order)}


def read_delivery(provider: Provider, topic: str, external_id: str, body: bytes) -> Snapshot | WithoutEffect:
    """Read a delivery about the order that the gateway found in it, if it found one. Raises UnreadableBody."""
    reason = provider.why_without_effect(topic)
    if reason:
        return WithoutEffect(reason)
    if not external_id:
        raise UnreadableBody("", "does not say which order it is about")
    snapshot = provider.read_order(body)
    if snapshot.external_id != external_id:
        # It would be applied in another order's lane, beside that order's own deliveries.
        raise UnreadableBody("id", "is another than the one under which it was queued")
    return snapshot
