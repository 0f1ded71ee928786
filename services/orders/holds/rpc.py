"""HoldService."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.rpc.context import Context, current_call
from orders.holds.place_hold import NewHold, place_hold
from orders.holds.release_hold import Release, release_hold
from orders.orders import messages
from orders.orders.get_order import get_order
from orders.orders.hold import HoldReason
from rappit.orders.v1 import order_parts_pb2
from rappit.orders.v1.holds_pb2 import PlaceHoldRequest, PlaceHoldResponse, ReleaseHoldRequest, ReleaseHoldResponse
from rappit.orders.v1.holds_pb2_grpc import HoldServiceServicer


class Holds(HoldServiceServicer):
    """Holds on orders of the caller's organisation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    async def PlaceHold(self, request: PlaceHoldRequest, context: Context) -> PlaceHoldResponse:
        call = current_call()
        reason = HoldReason(order_parts_pb2.HoldReason.Name(request.reason).removeprefix("HOLD_REASON_"))
        new = NewHold(UUID(request.order_id), reason, request.owner, request.note, request.etag)

        async def effect(tx: Transaction) -> PlaceHoldResponse:
            order = await place_hold(tx, self.clock, new, call.caller.name, call.rpc)
            return PlaceHoldResponse(order=messages.order_message(await get_order(tx, order.id)))

        return await self.database.answer_once(call, PlaceHoldResponse, effect)

    async def ReleaseHold(self, request: ReleaseHoldRequest, context: Context) -> ReleaseHoldResponse:
        call = current_call()
        release = Release(UUID(request.order_id), UUID(request.hold_id), request.note, request.etag)

        async def effect(tx: Transaction) -> ReleaseHoldResponse:
            order = await release_hold(tx, self.clock, release, call.caller.name, call.rpc)
            return ReleaseHoldResponse(order=messages.order_message(await get_order(tx, order.id)))

        return await self.database.answer_once(call, ReleaseHoldResponse, effect)
