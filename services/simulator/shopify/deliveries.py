"""Which deliveries tell of an order: those of an action, and those that should never have come. Pure."""

from datetime import datetime

from simulator.faults import Fault
from simulator.shopify.changes import changed
from simulator.shopify.identifiers import Identifiers
from simulator.shopify.money import Json
from simulator.shopify.order_book import Version, Versions
from simulator.shopify.webhook import Delivery, body_of, triggered_at

UPDATED = "orders/updated"
_TOO_MANY = 1_000


def of_action(shop: str, version: Version, fault: Fault | None = None) -> list[Delivery]:
    """One for each topic that the action raised."""
    return [_delivery(shop, version, topic, identifier, fault) for topic, identifier in version.webhook_ids.items()]


def repeated(shop: str, versions: Versions, fault: Fault = Fault.REPEAT) -> Delivery:
    """What was sent last: the same bytes under the same ids."""
    return of_action(shop, versions[-1], fault)[0]


def older_copy(shop: str, versions: Versions, webhook_id: str) -> Delivery | None:
    """The order as it was before its last change, coming only now; None where it never changed."""
    if len(versions) < 2:
        return None
    return _delivery(shop, versions[-2], UPDATED, webhook_id, Fault.OLDER_COPY)


def forged(ids: Identifiers, versions: Versions, webhook_id: str, now: datetime) -> Delivery:
    """A newer version that the shop never made, wanting far too much. Who believes it is seen at once."""
    version = Version(changed(ids, versions[-1].order, _want_too_much, now), webhook_id, triggered_at(now), {})
    return _delivery(ids.shop, version, UPDATED, webhook_id, Fault.FORGED)


def _want_too_much(_ids: Identifiers, order: Json, _time: str) -> None:
    for line in order["line_items"]:
        line.update(quantity=_TOO_MANY, current_quantity=_TOO_MANY, fulfillable_quantity=_TOO_MANY)


def _delivery(shop: str, version: Version, topic: str, webhook_id: str, fault: Fault | None) -> Delivery:
    return Delivery(
        shop=shop,
        order=version.order["name"],
        topic=topic,
        webhook_id=webhook_id,
        event_id=version.event_id,
        triggered_at=version.triggered_at,
        body=body_of(version.order),
        fault=fault,
    )
