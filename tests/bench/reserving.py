"""hot-item and spread-items: unary gRPC ReserveStock, 64 callers, on one item or on a thousand."""

import itertools
import random
from collections.abc import Awaitable, Callable
from uuid import uuid4

import grpc.aio
import psycopg

from laptop.ports import HOST, free_port
from rappit.inventory.v1.items_pb2 import CreateItemRequest
from rappit.inventory.v1.items_pb2_grpc import ItemServiceStub
from rappit.inventory.v1.reservations_pb2 import ReserveStockRequest, WantedLine
from rappit.inventory.v1.reservations_pb2_grpc import ReservationServiceStub
from rappit.inventory.v1.stock_pb2 import ADJUSTMENT_REASON_OPENING, AdjustStockRequest
from rappit.inventory.v1.stock_pb2_grpc import StockServiceStub
from tests.bench.costs import start_counting
from tests.bench.load import closed_loop, median_of
from tests.bench.place import Metadata, Place
from tests.bench.result import Goal, Result, Wrong
from tests.bench.yardsticks.programs import row_lock_transactions, running

CALLERS = 64
ROUNDS = 3
UNITS = 10_000_000


async def hot_item(place: Place, seconds: float) -> list[Result]:
    """One item that everybody wants."""
    return await _reserve(place, seconds, "hot-item", items=1)


async def spread_items(place: Place, seconds: float) -> list[Result]:
    """A thousand items."""
    return await _reserve(place, seconds, "spread-items", items=1_000)


async def _reserve(place: Place, seconds: float, name: str, *, items: int) -> list[Result]:
    reserved = itertools.count()
    echo_address = f"{HOST}:{free_port()}"
    locks: list[float] = []
    async with (
        place.caller("inventory") as (channel, metadata),
        running("echo", echo_address),
        grpc.aio.insecure_channel(echo_address) as echo,
    ):
        ids = [await _stocked(channel, metadata, f"{name}-{n}") for n in range(items)]
        ask, ask_echo = (
            asks_to_reserve(channel, metadata, ids, reserved),
            asks_to_reserve(echo, metadata, ids, itertools.count()),
        )
        spent = start_counting(place.system)
        ours = [await closed_loop(CALLERS, seconds, ask) for _ in range(ROUNDS)]
        costs = spent().per(next(reserved))
        echoes = [await closed_loop(CALLERS, seconds, ask_echo) for _ in range(ROUNDS)]
        if items == 1:
            locks = [await row_lock_transactions(place.system, seconds) for _ in range(ROUNDS)]
    checked = [await place.check(), await _all_reserved(place, next(reserved) - 1)]
    load = median_of(ours)
    costs["p50 / p99 ms"] = f"{load.percentile(0.5) * 1000:.1f} / {load.percentile(0.99) * 1000:.1f}"

    def against(what: str, yardstick: float, goal: float) -> Result:
        return Result(name, "reserved", load.rate, "/s", what, yardstick, Goal(at_least=goal), costs, checked)

    against_echo = against("empty grpc.aio echo", median_of(echoes).rate, 0.6)
    if not locks:
        return [against_echo]
    return [against("row-lock transactions, 16 clients", sorted(locks)[ROUNDS // 2], 1.2), against_echo]


def asks_to_reserve(
    channel: grpc.aio.Channel,
    metadata: Callable[[], Awaitable[Metadata]],
    items: list[str],
    answered: "itertools.count[int]",
) -> Callable[[], Awaitable[None]]:
    reserve = ReservationServiceStub(channel).ReserveStock

    async def ask() -> None:
        line = WantedLine(line_id="1", item_id=random.choice(items), quantity=1)
        request = ReserveStockRequest(demand_id=str(uuid4()), version=1, lines=[line])
        await reserve(request, metadata=await metadata(), timeout=30.0)
        next(answered)

    return ask


async def _stocked(channel: grpc.aio.Channel, metadata: Callable[[], Awaitable[Metadata]], sku: str) -> str:
    """The id of a new item with units. Past the gateway, whose quotas are for people."""
    create, adjust = ItemServiceStub(channel).CreateItem, StockServiceStub(channel).AdjustStock
    made = await create(CreateItemRequest(sku=sku, name=sku), metadata=await metadata(), timeout=5.0)
    request = AdjustStockRequest(item_id=made.item.id, delta=UNITS, reason=ADJUSTMENT_REASON_OPENING)
    await adjust(request, metadata=await metadata(), timeout=5.0)
    return str(made.item.id)


async def _all_reserved(place: Place, answered: int) -> str:
    organization = (await place.merchant.get("/v1/organization"))["organization"]["id"]
    async with await psycopg.AsyncConnection.connect(place.system.postgres.url(database="inventory")) as connection:
        rows = await connection.execute("SELECT sum(reserved) FROM levels WHERE organization_id = %s", (organization,))
        ((found,),) = await rows.fetchall()
    if found != answered:
        raise Wrong(f"{answered:,} calls were answered and {found:,} units are reserved")
    return f"{answered:,} answers, as many units reserved"
