"""ReservationService."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.clock import Clock
from chassis.database import idempotency
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.errors import Refusal
from chassis.group_commit import GroupCommit
from chassis.rpc.context import Call, Context, current_call
from inventory.reservations.batch import MOST_LINES
from inventory.reservations.consume_stock import consume_stock
from inventory.reservations.demand import Status
from inventory.reservations.force_release_stock import force_release_stock
from inventory.reservations.get_demand import get_demand
from inventory.reservations.messages import (
    consume_from,
    demand_message,
    forced_release_message,
    holders_from,
    want_from,
)
from inventory.reservations.release_stock import release_stock
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.wish import Asker, Want, Wish
from inventory.stock.level import Mover
from rappit.inventory.v1 import reservations_pb2 as proto
from rappit.inventory.v1.forced_release_pb2 import ForceReleaseStockRequest, ForceReleaseStockResponse
from rappit.inventory.v1.reservations_pb2_grpc import ReservationServiceServicer


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of ReserveStock that waits for its batch."""

    call: Call
    demand_id: UUID
    want: Want

    @property
    def wish(self) -> Wish:
        return Wish(self.demand_id, self.want, _asker(self.call))


class Reservations(ReservationServiceServicer):
    """Units promised to demands."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.reserving: GroupCommit[Asked, proto.ReserveStockResponse] = GroupCommit(
            self._reserve, weigh=lambda asked: len(asked.want.lines), max_weight=MOST_LINES
        )

    async def ReserveStock(self, request: proto.ReserveStockRequest, context: Context) -> proto.ReserveStockResponse:
        call = current_call()
        asked = Asked(call, UUID(request.demand_id), want_from(request))
        return await self.reserving.submit(call.organization, asked, call.deadline)

    async def ReleaseStock(self, request: proto.ReleaseStockRequest, context: Context) -> proto.ReleaseStockResponse:
        call = current_call()

        async def effect(tx: Transaction) -> proto.ReleaseStockResponse:
            status = await release_stock(tx, self.clock, UUID(request.demand_id), _asker(call))
            return proto.ReleaseStockResponse(demand=demand_message(status))

        return await self.database.answer_once(call, proto.ReleaseStockResponse, effect)

    async def ConsumeStock(self, request: proto.ConsumeStockRequest, context: Context) -> proto.ConsumeStockResponse:
        call = current_call()
        consume = consume_from(request)

        async def effect(tx: Transaction) -> proto.ConsumeStockResponse:
            status = await consume_stock(tx, self.clock, UUID(request.demand_id), consume, _asker(call))
            return proto.ConsumeStockResponse(demand=demand_message(status))

        return await self.database.answer_once(call, proto.ConsumeStockResponse, effect)

    async def ForceReleaseStock(self, request: ForceReleaseStockRequest, context: Context) -> ForceReleaseStockResponse:
        call = current_call()
        of = holders_from(request)

        async def effect(tx: Transaction) -> ForceReleaseStockResponse:
            released, more = await force_release_stock(
                tx, self.clock, of, request.reason, _asker(call), dry_run=request.dry_run
            )
            return ForceReleaseStockResponse(released=map(forced_release_message, released), more=more)

        return await self.database.answer_once(call, ForceReleaseStockResponse, effect)

    async def GetDemand(self, request: proto.GetDemandRequest, context: Context) -> proto.GetDemandResponse:
        async def effect(tx: Transaction) -> Status:
            return await get_demand(tx, UUID(request.demand_id))

        return proto.GetDemandResponse(demand=demand_message(await self.database.read(current_call(), effect)))

    async def _reserve(
        self, organization: UUID, batch: Sequence[Asked]
    ) -> Sequence[proto.ReserveStockResponse | Refusal]:
        """The calls of one organisation, in the order of their arrival: those that are new together, each once."""
        async with self.database.transaction(organization) as tx:
            keys = [idempotency.key_of(asked.call) for asked in batch]
            known = await idempotency.claim_many(tx, keys)
            wishes = [asked.wish for asked, claim in zip(batch, known, strict=True) if claim is None]
            outcomes = iter(await reserve_stock(tx, self.clock, wishes) if wishes else ())
            answers: list[proto.ReserveStockResponse | Refusal] = []
            new = []
            for key, claim in zip(keys, known, strict=True):
                outcome = next(outcomes) if claim is None else claim
                if isinstance(outcome, Refusal):
                    answers.append(outcome)
                elif isinstance(outcome, bytes):
                    answers.append(proto.ReserveStockResponse.FromString(outcome))
                else:
                    answer = proto.ReserveStockResponse(demand=demand_message(outcome.status))
                    answers.append(answer)
                    new.append((key, answer.SerializeToString()))
            await idempotency.store_many(tx, new)
        return answers


def _asker(call: Call) -> Asker:
    return Asker(Mover(call.caller.name, call.caller.impersonator), call.rpc, call.traceparent)
