"""DeadLetterService."""

from uuid import UUID

from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.messaging.dead_letter_messages import dead_letter_message, dead_letter_result
from chassis.messaging.dead_letters import DeadLetterId
from chassis.paging import next_token, page_from
from chassis.rpc.context import Context, current_call
from orders.dead_letters.discard_dead_letter import discard_dead_letter
from orders.dead_letters.discard_dead_letters import discard_dead_letters
from orders.dead_letters.list_dead_letters import list_dead_letters
from orders.dead_letters.replay_dead_letter import Desk, replay_dead_letter
from orders.dead_letters.replay_dead_letters import replay_dead_letters
from rappit.orders.v1.dead_letters_pb2 import (
    DiscardDeadLetterRequest,
    DiscardDeadLetterResponse,
    DiscardDeadLettersRequest,
    DiscardDeadLettersResponse,
    ListDeadLettersRequest,
    ListDeadLettersResponse,
    ReplayDeadLetterRequest,
    ReplayDeadLetterResponse,
    ReplayDeadLettersRequest,
    ReplayDeadLettersResponse,
)
from rappit.orders.v1.dead_letters_pb2_grpc import DeadLetterServiceServicer


class DeadLetters(DeadLetterServiceServicer):
    """Dead letters of the caller's organisation."""

    def __init__(self, database: Database, desk: Desk) -> None:
        self.database = database
        self.desk = desk

    async def ListDeadLetters(self, request: ListDeadLettersRequest, context: Context) -> ListDeadLettersResponse:
        consumer = request.consumer or None
        filters = f"dead letters {consumer}"
        page = page_from(request.page_size, request.page_token, filters, [int])
        after = page.after[0] if page.after else 0
        letters = await self.database.read(
            current_call(), lambda tx: list_dead_letters(tx, consumer, after, page.size + 1)
        )
        more = len(letters) > page.size
        return ListDeadLettersResponse(
            dead_letters=[dead_letter_message(letter) for letter in letters[: page.size]],
            next_page_token=next_token(filters, letters[page.size - 1].position) if more else "",
        )

    async def ReplayDeadLetter(self, request: ReplayDeadLetterRequest, context: Context) -> ReplayDeadLetterResponse:
        letter = DeadLetterId(request.consumer, UUID(request.event_id))

        async def effect(tx: Transaction) -> ReplayDeadLetterResponse:
            outcome = await replay_dead_letter(tx, self.desk, letter, dry_run=request.dry_run)
            return ReplayDeadLetterResponse(result=dead_letter_result(outcome))

        return await self.database.answer_once(current_call(), ReplayDeadLetterResponse, effect)

    async def DiscardDeadLetter(self, request: DiscardDeadLetterRequest, context: Context) -> DiscardDeadLetterResponse:
        call, letter = current_call(), DeadLetterId(request.consumer, UUID(request.event_id))

        async def effect(tx: Transaction) -> DiscardDeadLetterResponse:
            await discard_dead_letter(tx, self.desk.keep, letter, call.caller.name, request.reason)
            return DiscardDeadLetterResponse()

        return await self.database.answer_once(call, DiscardDeadLetterResponse, effect)

    async def ReplayDeadLetters(self, request: ReplayDeadLettersRequest, context: Context) -> ReplayDeadLettersResponse:
        async def effect(tx: Transaction) -> ReplayDeadLettersResponse:
            outcomes = await replay_dead_letters(tx, self.desk, request.consumer or None, dry_run=request.dry_run)
            return ReplayDeadLettersResponse(results=map(dead_letter_result, outcomes))

        return await self.database.answer_once(current_call(), ReplayDeadLettersResponse, effect)

    async def DiscardDeadLetters(
        self, request: DiscardDeadLettersRequest, context: Context
    ) -> DiscardDeadLettersResponse:
        call = current_call()

        async def effect(tx: Transaction) -> DiscardDeadLettersResponse:
            outcomes = await discard_dead_letters(
                tx, self.desk.keep, request.consumer or None, call.caller.name, request.reason
            )
            return DiscardDeadLettersResponse(results=map(dead_letter_result, outcomes))

        return await self.database.answer_once(call, DiscardDeadLettersResponse, effect)
