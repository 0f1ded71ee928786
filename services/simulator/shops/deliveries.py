"""Which deliveries tell of an order: those of an action, and those that should never have come. Pure."""

from simulator.faults import Fault
from simulator.shops.delivery import Delivery, body_of
from simulator.shops.order_book import Version, Versions
from simulator.shops.shop import Shop


def of_action(shop: Shop, version: Version, fault: Fault | None = None) -> list[Delivery]:
    """One for each topic that the action raised."""
    return [_delivery(shop, version, topic, identifier, fault) for topic, identifier in version.webhook_ids.items()]


def repeated(shop: Shop, versions: Versions, fault: Fault = Fault.REPEAT) -> Delivery:
    """What was sent last: the same bytes under the same ids."""
    return of_action(shop, versions[-1], fault)[0]


def older_copy(shop: Shop, versions: Versions, webhook_id: str) -> Delivery | None:
    """The order as it was before its last change, coming only now; None where it never changed."""
    if len(versions) < 2:
        return None
    return _delivery(shop, versions[-2], shop.provider.updated, webhook_id, Fault.OLDER_COPY)


def forged(shop: Shop, version: Version, webhook_id: str) -> Delivery:
    """A version that the shop never made."""
    return _delivery(shop, version, shop.provider.updated, webhook_id, Fault.FORGED)


def _delivery(shop: Shop, version: Version, topic: str, webhook_id: str, fault: Fault | None) -> Delivery:
    return Delivery(
        shop=shop.name,
        order=shop.provider.title(version.order),
        topic=topic,
        webhook_id=webhook_id,
        event_id=version.event_id,
        triggered_at=version.triggered_at,
        body=body_of(version.others.get(topic, version.order)),
        fault=fault,
    )
