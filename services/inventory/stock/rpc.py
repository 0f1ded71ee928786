"""StockService."""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.paging import next_token, page_from
from chassis.rpc.context import Call, Context, current_call
from inventory.stock.adjust_stock import adjust_stock
from inventory.stock.change_condition import change_condition
from inventory.stock.change_level import Change
from inventory.stock.explain_level import explain_level
from inventory.stock.level import Entry, Level, LowItem, Mover
from inventory.stock.list_levels import list_levels
from inventory.stock.list_low_stock import list_low_stock
from inventory.stock.messages import (
    as_of_from,
    condition_from,
    entry_message,
    id_or_none,
    level_message,
    low_item_message,
    reason_word,
)
from inventory.stock.set_count import set_count
from inventory.stock.set_safety_stock import set_safety_stock
from rappit.inventory.v1 import stock_pb2 as proto
from rappit.inventory.v1.facts_pb2 import (
    ChangeConditionRequest,
    ChangeConditionResponse,
    SetCountRequest,
    SetCountResponse,
)
from rappit.inventory.v1.level_pb2 import WHEN_RESERVED_TAKE_BACK
from rappit.inventory.v1.low_stock_pb2 import ListLowStockRequest, ListLowStockResponse
from rappit.inventory.v1.safety_stock_pb2 import SetSafetyStockRequest, SetSafetyStockResponse
from rappit.inventory.v1.stock_pb2_grpc import StockServiceServicer


class Stock(StockServiceServicer):
    """Levels and the ledger that explains them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    async def AdjustStock(self, request: proto.AdjustStockRequest, context: Context) -> proto.AdjustStockResponse:
        call = current_call()
        change = _change(call, request, reason_word(request.reason))

        async def effect(tx: Transaction) -> proto.AdjustStockResponse:
            level = await adjust_stock(
                tx,
                self.clock,
                change,
                request.delta,
                condition=condition_from(request.condition),
                take_back=request.when_reserved == WHEN_RESERVED_TAKE_BACK,
                demands=[UUID(demand_id) for demand_id in request.demand_ids],
            )
            return proto.AdjustStockResponse(level=level_message(level))

        return await self.database.answer_once(call, proto.AdjustStockResponse, effect)

    async def SetCount(self, request: SetCountRequest, context: Context) -> SetCountResponse:
        call = current_call()

        async def effect(tx: Transaction) -> SetCountResponse:
            level = await set_count(tx, self.clock, _change(call, request, "count"), request.counted)
            return SetCountResponse(level=level_message(level))

        return await self.database.answer_once(call, SetCountResponse, effect)

    async def ChangeCondition(self, request: ChangeConditionRequest, context: Context) -> ChangeConditionResponse:
        call = current_call()
        source, target = condition_from(request.from_condition), condition_from(request.to_condition)
        change = _change(call, request, f"{source} to {target}")

        async def effect(tx: Transaction) -> ChangeConditionResponse:
            level = await change_condition(tx, self.clock, change, source=source, target=target, units=request.quantity)
            return ChangeConditionResponse(level=level_message(level))

        return await self.database.answer_once(call, ChangeConditionResponse, effect)

    async def SetSafetyStock(self, request: SetSafetyStockRequest, context: Context) -> SetSafetyStockResponse:
        item_id, warehouse_id = UUID(request.item_id), id_or_none(request.warehouse_id)

        async def effect(tx: Transaction) -> SetSafetyStockResponse:
            level = await set_safety_stock(tx, item_id, warehouse_id, request.units)
            return SetSafetyStockResponse(level=level_message(level))

        return await self.database.answer_once(current_call(), SetSafetyStockResponse, effect)

    async def ListLevels(self, request: proto.ListLevelsRequest, context: Context) -> proto.ListLevelsResponse:
        item_id, warehouse_id = id_or_none(request.item_id), id_or_none(request.warehouse_id)
        as_of = as_of_from(request)
        filters = f"levels item={item_id} warehouse={warehouse_id} count_due={request.count_due} as_of={as_of}"
        page = page_from(request.page_size, request.page_token, filters, [str, str])

        async def effect(tx: Transaction) -> Sequence[Level]:
            return await list_levels(
                tx,
                item_id=item_id,
                warehouse_id=warehouse_id,
                count_due=request.count_due,
                as_of=as_of,
                after=page.after,
                limit=page.size + 1,
            )

        found = await self.database.read(current_call(), effect)
        shown = found[: page.size]
        more = len(found) > len(shown)
        return proto.ListLevelsResponse(
            levels=map(level_message, shown),
            next_page_token=next_token(filters, shown[-1].sku, shown[-1].warehouse_code) if more else "",
        )

    async def ListLowStock(self, request: ListLowStockRequest, context: Context) -> ListLowStockResponse:
        filters = "low stock"
        page = page_from(request.page_size, request.page_token, filters, [str])
        after = page.after[0] if page.after else None

        async def effect(tx: Transaction) -> Sequence[LowItem]:
            return await list_low_stock(tx, after=after, limit=page.size + 1)

        found = await self.database.read(current_call(), effect)
        shown = found[: page.size]
        return ListLowStockResponse(
            items=map(low_item_message, shown),
            next_page_token=next_token(filters, shown[-1].sku) if len(found) > len(shown) else "",
        )

    async def ExplainLevel(self, request: proto.ExplainLevelRequest, context: Context) -> proto.ExplainLevelResponse:
        item_id, warehouse_id = UUID(request.item_id), id_or_none(request.warehouse_id)
        as_of = as_of_from(request)
        filters = f"ledger item={item_id} warehouse={warehouse_id} as_of={as_of}"
        page = page_from(request.page_size, request.page_token, filters, [int])
        before = page.after[0] if page.after else None

        async def effect(tx: Transaction) -> tuple[Level, Sequence[Entry]]:
            return await explain_level(tx, item_id, warehouse_id, as_of=as_of, before=before, limit=page.size + 1)

        level, found = await self.database.read(current_call(), effect)
        shown = found[: page.size]
        return proto.ExplainLevelResponse(
            level=level_message(level),
            entries=map(entry_message, shown),
            next_page_token=next_token(filters, shown[-1].position) if len(found) > len(shown) else "",
        )


def _change(
    call: Call, request: proto.AdjustStockRequest | SetCountRequest | ChangeConditionRequest, cause: str
) -> Change:
    mover = Mover(call.caller.name, call.caller.impersonator)
    return Change(UUID(request.item_id), id_or_none(request.warehouse_id), mover, cause, request.note)
