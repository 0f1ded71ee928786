"""NoteService."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.rpc.context import Context, current_call
from orders.notes.add_note import NewNote, add_note
from orders.notes.change_tags import TagChange, change_tags
from orders.orders import messages
from orders.orders.get_order import get_order
from rappit.orders.v1.notes_pb2 import AddNoteRequest, AddNoteResponse, ChangeTagsRequest, ChangeTagsResponse
from rappit.orders.v1.notes_pb2_grpc import NoteServiceServicer


class Notes(NoteServiceServicer):
    """Notes and tags on orders of the caller's organisation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    async def AddNote(self, request: AddNoteRequest, context: Context) -> AddNoteResponse:
        call = current_call()
        new = NewNote(UUID(request.order_id), request.text)

        async def effect(tx: Transaction) -> AddNoteResponse:
            await add_note(tx, self.clock, new, call.caller.name, call.rpc)
            return AddNoteResponse(order=messages.order_message(await get_order(tx, new.order_id)))

        return await self.database.answer_once(call, AddNoteResponse, effect)

    async def ChangeTags(self, request: ChangeTagsRequest, context: Context) -> ChangeTagsResponse:
        call = current_call()
        tags = frozenset(request.add), frozenset(request.remove)
        wish = TagChange(UUID(request.order_id), *tags, request.replace, request.etag)

        async def effect(tx: Transaction) -> ChangeTagsResponse:
            await change_tags(tx, self.clock, wish, call.caller.name, call.rpc)
            return ChangeTagsResponse(order=messages.order_message(await get_order(tx, wish.order_id)))

        return await self.database.answer_once(call, ChangeTagsResponse, effect)
