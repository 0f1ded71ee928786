"""What a person who watches the logs wants to know of orders. Ids, the order's own name and sums; nothing of people."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from chassis.telemetry.logs import get_logger
from orders.orders.change import Change
from orders.orders.order import FulfillmentStatus
from orders.providers.money import in_decimals

log = get_logger()

_EVENTS = {
    FulfillmentStatus.RESERVED: "order reserved",
    FulfillmentStatus.SHORT: "order short",
    FulfillmentStatus.CANCELLED: "order cancelled",
}


def log_changes(organization: UUID, changes: Sequence[Change]) -> None:
    """One line for each order that is reserved, short or cancelled now, and was not before.

    total: in decimals, "412.00". milliseconds: since what made this version of it came in.
    """
    for change in changes:
        order = change.after
        event = _EVENTS.get(order.status)
        if event is None or (change.before is not None and change.before.status == order.status):
            continue
        log.info(
            event,
            organization_id=organization,
            order_id=order.id,
            store=order.store_name,
            order=order.snapshot.name,
            lines=len(order.lines),
            total=in_decimals(order.snapshot.totals.total, order.snapshot.totals.currency),
            currency=order.snapshot.totals.currency,
            milliseconds=max(0, (order.update_time - order.version_time) // timedelta(milliseconds=1)),
        )
