"""What stores ask for people, on the wire."""

from chassis.timestamps import timestamp
from orders.privacy.list_privacy_request_orders import FoundOrder
from orders.privacy.privacy_request import KeptRequest
from orders.providers.reading import PrivacyKind
from rappit.orders.v1 import privacy_pb2 as proto

_KINDS = {
    PrivacyKind.DATA_REQUEST: proto.PRIVACY_REQUEST_KIND_DATA_REQUEST,
    PrivacyKind.CUSTOMER_REDACT: proto.PRIVACY_REQUEST_KIND_CUSTOMER_REDACT,
    PrivacyKind.SHOP_REDACT: proto.PRIVACY_REQUEST_KIND_SHOP_REDACT,
}


def privacy_request(kept: KeptRequest) -> proto.PrivacyRequest:
    """A request as people see it."""
    return proto.PrivacyRequest(
        id=str(kept.id),
        store_id=str(kept.store_id),
        kind=_KINDS[kept.kind],
        customer_external_id=kept.customer_external_id,
        email=kept.email,
        create_time=timestamp(kept.create_time),
        due_time=timestamp(kept.due_time),
        done_time=timestamp(kept.done_time) if kept.done_time else None,
        order_count=kept.order_count,
        outcome=kept.outcome,
    )


def found_order(order: FoundOrder) -> proto.PrivacyRequestOrder:
    """An order that a request found."""
    return proto.PrivacyRequestOrder(order_id=str(order.id), external_id=order.external_id, name=order.name)
