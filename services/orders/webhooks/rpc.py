"""WebhookService."""

from uuid import UUID

from chassis.database.pool import Database
from chassis.errors import InvalidRequest, Violation
from chassis.rpc.context import Context, current_call
from orders.errors import DeliveryNotYours
from orders.webhooks.accept_delivery import accept_delivery
from rappit.orders.v1.webhooks_pb2 import AcceptDeliveryRequest, AcceptDeliveryResponse
from rappit.orders.v1.webhooks_pb2_grpc import WebhookServiceServicer
from rappit.types.v1.event_header_pb2 import EventHeader


class Webhooks(WebhookServiceServicer):
    """The way in for deliveries that Kafka does not take."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def AcceptDelivery(self, request: AcceptDeliveryRequest, context: Context) -> AcceptDeliveryResponse:
        call, delivery = current_call(), request.delivery
        _check(delivery.header)
        if UUID(delivery.header.organization_id) != call.organization:
            raise DeliveryNotYours
        await self.database.write(call, lambda tx: accept_delivery(tx, delivery), organization=call.organization)
        return AcceptDeliveryResponse()


def _check(header: EventHeader) -> None:
    """Refuse a header that the inbox could not take. The events' own messages carry no rules of their fields."""
    faults = [f"delivery.header.{name}" for name in ("id", "organization_id") if not _is_uuid(getattr(header, name))]
    if not header.aggregate_id:
        faults.append("delivery.header.aggregate_id")
    if faults:
        raise InvalidRequest(violations=[Violation(field, "is missing, or no id") for field in faults])


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
