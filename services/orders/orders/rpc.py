"""OrderService."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.paging import next_token, page_from
from chassis.rpc.context import Context, current_call
from orders.orders import messages
from orders.orders.cancel_order import Cancel, cancel_order
from orders.orders.change_shipping_address import NewAddress, change_shipping_address
from orders.orders.create_order import create_order
from orders.orders.edit_order import Edit, edit_order
from orders.orders.get_order import get_order
from orders.orders.list_orders import Filters, list_orders
from orders.orders.list_timeline_entries import list_timeline_entries
from orders.orders.order import Order
from orders.orders.record_payment import Payment, record_payment
from orders.orders.search import query_beginning
from rappit.orders.v1.order_entry_pb2 import (
    ChangeShippingAddressRequest,
    ChangeShippingAddressResponse,
    CreateOrderRequest,
    CreateOrderResponse,
    EditOrderRequest,
    EditOrderResponse,
    RecordPaymentRequest,
    RecordPaymentResponse,
)
from rappit.orders.v1.order_pb2 import Order as OrderMessage
from rappit.orders.v1.orders_pb2 import (
    CancelOrderRequest,
    CancelOrderResponse,
    GetOrderRequest,
    GetOrderResponse,
    ListOrdersRequest,
    ListOrdersResponse,
    ListTimelineEntriesRequest,
    ListTimelineEntriesResponse,
)
from rappit.orders.v1.orders_pb2_grpc import OrderServiceServicer


class Orders(OrderServiceServicer):
    """Orders of the caller's organisation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    async def GetOrder(self, request: GetOrderRequest, context: Context) -> GetOrderResponse:
        order = await self.database.read(current_call(), lambda tx: get_order(tx, UUID(request.order_id)))
        return GetOrderResponse(order=messages.order_message(order))

    async def ListOrders(self, request: ListOrdersRequest, context: Context) -> ListOrdersResponse:
        filters = _filters(request)
        made_for = f"orders {filters}"
        page = page_from(request.page_size, request.page_token, made_for, [datetime, UUID])
        after = (page.after[0], page.after[1]) if page.after else None
        found = await self.database.read(current_call(), lambda tx: list_orders(tx, filters, after, page.size + 1))
        shown = found[: page.size]
        return ListOrdersResponse(
            orders=[messages.summary_message(summary) for summary in shown],
            next_page_token=next_token(made_for, shown[-1].order.snapshot.order_time, shown[-1].order.id)
            if len(found) > page.size
            else "",
        )

    async def CreateOrder(self, request: CreateOrderRequest, context: Context) -> CreateOrderResponse:
        call = current_call()
        new = messages.new_order(request)

        async def effect(tx: Transaction) -> CreateOrderResponse:
            order = await create_order(tx, self.clock, new, call.caller.name, call.rpc)
            return CreateOrderResponse(order=await _whole(tx, order))

        return await self.database.answer_once(call, CreateOrderResponse, effect)

    async def EditOrder(self, request: EditOrderRequest, context: Context) -> EditOrderResponse:
        call = current_call()
        changes = [messages.line_change(change) for change in request.changes]
        edit = Edit(UUID(request.order_id), changes, request.reason, request.etag)

        async def effect(tx: Transaction) -> EditOrderResponse:
            order = await edit_order(tx, self.clock, edit, call.caller.name, call.rpc)
            return EditOrderResponse(order=await _whole(tx, order))

        return await self.database.answer_once(call, EditOrderResponse, effect)

    async def RecordPayment(self, request: RecordPaymentRequest, context: Context) -> RecordPaymentResponse:
        call = current_call()
        payment = Payment(UUID(request.order_id), request.note, request.etag)

        async def effect(tx: Transaction) -> RecordPaymentResponse:
            order = await record_payment(tx, self.clock, payment, call.caller.name, call.rpc)
            return RecordPaymentResponse(order=await _whole(tx, order))

        return await self.database.answer_once(call, RecordPaymentResponse, effect)

    async def ChangeShippingAddress(
        self, request: ChangeShippingAddressRequest, context: Context
    ) -> ChangeShippingAddressResponse:
        call = current_call()
        address = messages.shipping_address_of(request)
        wish = NewAddress(UUID(request.order_id), address, request.reason, request.etag)

        async def effect(tx: Transaction) -> ChangeShippingAddressResponse:
            order = await change_shipping_address(tx, self.clock, wish, call.caller.name, call.rpc)
            return ChangeShippingAddressResponse(order=await _whole(tx, order))

        return await self.database.answer_once(call, ChangeShippingAddressResponse, effect)

    async def CancelOrder(self, request: CancelOrderRequest, context: Context) -> CancelOrderResponse:
        call = current_call()
        reason = messages.cancel_reason(request.reason)
        cancel = Cancel(UUID(request.order_id), reason, request.note, request.etag)

        async def effect(tx: Transaction) -> CancelOrderResponse:
            order = await cancel_order(tx, self.clock, cancel, call.caller.name, call.rpc)
            return CancelOrderResponse(order=await _whole(tx, order))

        return await self.database.answer_once(call, CancelOrderResponse, effect)

    async def ListTimelineEntries(
        self, request: ListTimelineEntriesRequest, context: Context
    ) -> ListTimelineEntriesResponse:
        order_id = UUID(request.order_id)
        made_for = f"timeline {order_id}"
        page = page_from(request.page_size, request.page_token, made_for, [int])
        after = page.after[0] if page.after else 0
        found = await self.database.read(
            current_call(), lambda tx: list_timeline_entries(tx, order_id, after, page.size + 1)
        )
        shown = found[: page.size]
        return ListTimelineEntriesResponse(
            entries=[messages.entry_message(entry) for entry in shown],
            next_page_token=next_token(made_for, shown[-1].position) if len(found) > page.size else "",
        )


async def _whole(tx: Transaction, order: Order) -> OrderMessage:
    """The order as a change leaves it, with what the change did not have to read."""
    return messages.order_message(await get_order(tx, order.id))


def _filters(request: ListOrdersRequest) -> Filters:
    return Filters(
        beginning=query_beginning(request.query),
        store_id=UUID(request.store_id) if request.store_id else None,
        fulfillment_statuses=sorted({messages.fulfillment_status(number) for number in request.fulfillment_statuses}),
        payment_statuses=sorted({messages.payment_status(number) for number in request.payment_statuses}),
        unmapped=request.unmapped,
        on_hold=request.on_hold,
        placed_from=request.placed_from.ToDatetime(UTC) if request.HasField("placed_from") else None,
        placed_before=request.placed_before.ToDatetime(UTC) if request.HasField("placed_before") else None,
    )
