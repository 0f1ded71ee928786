"""hot-item and spread-items: unary gRPC ReserveStock, 64 callers, on one item or on a thousand."""

import itertools
import random
from collections.abc import Awaitable, Callable
from uuid import uuid4

import grpc.aio

from laptop.ports import HOST, free_port
from rappit.inventory.v1.reservations_pb2 import ReserveStockRequest, WantedLine
from rappit.inventory.v1.reservations_pb2_grpc import ReservationServiceStub
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
    skus = [f"{name}-{n}" for n in range(items)]
    for sku in skus:
        await place.merchant.stock(sku, UNITS)
    ids = [place.merchant.items[sku] for sku in skus]
    reserved = itertools.count()
    echo_address = f"{HOST}:{free_port()}"
    locks: list[float] = []
    async with (
        place.caller("inventory") as (channel, metadata),
        running("echo", echo_address),
        grpc.aio.insecure_channel(echo_address) as echo,
    ):
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
    checked = [await place.check(), await _all_reserved(place, skus, next(reserved) - 1)]
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


async def _all_reserved(place: Place, skus: list[str], answered: int) -> str:
    found = sum([(await place.merchant.level(sku))[1] for sku in skus])
    if found != answered:
        raise Wrong(f"{answered:,} calls were answered and {found:,} units are reserved")
    return f"{answered:,} answers, as many units reserved"
