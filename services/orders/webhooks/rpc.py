"""WebhookService."""

from datetime import datetime
from uuid import UUID

from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.errors import InvalidRequest, Violation
from chassis.paging import next_token, page_from
from chassis.rpc.context import Context, current_call
from orders.dead_letters.replay_dead_letter import Desk
from orders.errors import DeliveryNotYours
from orders.webhooks import messages
from orders.webhooks.accept_delivery import accept_delivery
from orders.webhooks.discard_deliveries import discard_deliveries
from orders.webhooks.discard_delivery import discard_delivery
from orders.webhooks.get_delivery import get_delivery
from orders.webhooks.list_deliveries import list_deliveries
from orders.webhooks.replay_deliveries import replay_deliveries
from orders.webhooks.replay_delivery import replay_delivery
from rappit.orders.v1.webhooks_pb2 import (
    AcceptDeliveryRequest,
    AcceptDeliveryResponse,
    DiscardDeliveriesRequest,
    DiscardDeliveriesResponse,
    DiscardDeliveryRequest,
    DiscardDeliveryResponse,
    GetDeliveryRequest,
    GetDeliveryResponse,
    ListDeliveriesRequest,
    ListDeliveriesResponse,
    ReplayDeliveriesRequest,
    ReplayDeliveriesResponse,
    ReplayDeliveryRequest,
    ReplayDeliveryResponse,
)
from rappit.orders.v1.webhooks_pb2_grpc import WebhookServiceServicer
from rappit.types.v1.event_header_pb2 import EventHeader


class Webhooks(WebhookServiceServicer):
    """Deliveries of the caller's organisation, and the way in for those that Kafka does not take."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self.database = database
        self.desk = desk

    async def AcceptDelivery(self, request: AcceptDeliveryRequest, context: Context) -> AcceptDeliveryResponse:
        call, delivery = current_call(), request.delivery
        _check(delivery.header)
        if UUID(delivery.header.organization_id) != call.organization:
            raise DeliveryNotYours
        await self.database.write(call, lambda tx: accept_delivery(tx, delivery), organization=call.organization)
        return AcceptDeliveryResponse()

    async def ListDeliveries(self, request: ListDeliveriesRequest, context: Context) -> ListDeliveriesResponse:
        filters = messages.filters(request)
        page = page_from(request.page_size, request.page_token, f"deliveries {filters}", [datetime, UUID])
        after = (page.after[0], page.after[1]) if page.after else None
        found = await self.database.read(
            current_call(), lambda tx: list_deliveries(tx, messages.facts, filters, after, page.size + 1)
        )
        shown = found[: page.size]
        more = len(found) > page.size
        return ListDeliveriesResponse(
            deliveries=map(messages.delivery, shown),
            next_page_token=next_token(f"deliveries {filters}", shown[-1].receive_time, shown[-1].id) if more else "",
        )

    async def GetDelivery(self, request: GetDeliveryRequest, context: Context) -> GetDeliveryResponse:
        delivery_id = UUID(request.delivery_id)
        found = await self.database.read(current_call(), lambda tx: get_delivery(tx, messages.facts, delivery_id))
        return GetDeliveryResponse(delivery=messages.delivery(found))

    async def ReplayDelivery(self, request: ReplayDeliveryRequest, context: Context) -> ReplayDeliveryResponse:
        async def effect(tx: Transaction) -> ReplayDeliveryResponse:
            outcome = await replay_delivery(tx, self.desk, UUID(request.delivery_id), dry_run=request.dry_run)
            return ReplayDeliveryResponse(result=messages.delivery_result(outcome))

        return await self.database.answer_once(current_call(), ReplayDeliveryResponse, effect)

    async def DiscardDelivery(self, request: DiscardDeliveryRequest, context: Context) -> DiscardDeliveryResponse:
        call, delivery_id = current_call(), UUID(request.delivery_id)

        async def effect(tx: Transaction) -> DiscardDeliveryResponse:
            await discard_delivery(tx, self.desk.keep, delivery_id, call.caller.name, request.reason)
            return DiscardDeliveryResponse()

        return await self.database.answer_once(call, DiscardDeliveryResponse, effect)

    async def ReplayDeliveries(self, request: ReplayDeliveriesRequest, context: Context) -> ReplayDeliveriesResponse:
        filters = messages.filters(request.filter)

        async def effect(tx: Transaction) -> ReplayDeliveriesResponse:
            outcomes = await replay_deliveries(tx, self.desk, filters, dry_run=request.dry_run)
            return ReplayDeliveriesResponse(results=map(messages.delivery_result, outcomes))

        return await self.database.answer_once(current_call(), ReplayDeliveriesResponse, effect)

    async def DiscardDeliveries(self, request: DiscardDeliveriesRequest, context: Context) -> DiscardDeliveriesResponse:
        call, filters = current_call(), messages.filters(request.filter)

        async def effect(tx: Transaction) -> DiscardDeliveriesResponse:
            outcomes = await discard_deliveries(tx, self.desk.keep, filters, call.caller.name, request.reason)
            return DiscardDeliveriesResponse(results=map(messages.delivery_result, outcomes))

        return await self.database.answer_once(call, DiscardDeliveriesResponse, effect)


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
