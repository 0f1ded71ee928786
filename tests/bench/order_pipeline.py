"""order-pipeline: signed webhooks in, orders RESERVED out, sustained, all processes on this machine."""

import asyncio
import itertools
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import grpc.aio
import psycopg

from laptop.ports import HOST, free_port
from tests.bench.costs import Spent, cpu_of, start_counting
from tests.bench.deliveries import Connection, Signed, connections, signed_orders
from tests.bench.load import closed_loop
from tests.bench.place import Metadata, Place
from tests.bench.reserving import CALLERS, asks_to_reserve
from tests.bench.result import Goal, Result
from tests.bench.settled import orders_settled
from tests.bench.webhook_ack import acknowledged
from tests.bench.yardsticks.programs import running

CONNECTIONS = 16
ORDERS_IN_A_BURST = 2_000
HALF_LOAD_SECONDS = 10.0
SKU = "PIPELINE"
# By this machine's clock, as the send is.
_RESERVED_AT = """
SELECT orders.name, min(order_timeline.time)
FROM orders
JOIN order_timeline ON order_timeline.organization_id = orders.organization_id AND order_timeline.order_id = orders.id
WHERE orders.store_id = %s AND order_timeline.event = 'RESERVED' AND orders.name = ANY(%s)
GROUP BY orders.name
"""


@dataclass(frozen=True)
class Burst:
    """Orders that were sent at once: how many a second were RESERVED, and what all our processes spent."""

    rate: float
    spent: Spent


async def order_pipeline(place: Place, seconds: float) -> list[Result]:
    """How many orders a second become reserved stock, at what cost, and how soon at half that load."""
    await place.merchant.stock(SKU, 10_000_000)
    await place.merchant.connect()
    sent = itertools.count()
    ack = await acknowledged(place, SKU, place.system.addresses.gateway, seconds, sent)
    before = next(sent)
    await orders_settled(place, before)
    burst = await _burst(place, before)
    latencies = await _at(burst.rate / 2, place, before + ORDERS_IN_A_BURST)
    checked = [
        f"{before + ORDERS_IN_A_BURST + len(latencies):,} acknowledged, as many orders RESERVED",
        await place.check(),
    ]
    cpu = sum(burst.spent.cpu.values()) / ORDERS_IN_A_BURST * 1000
    costs = burst.spent.per(ORDERS_IN_A_BURST)
    p99 = latencies[int(0.99 * len(latencies))] * 1000

    row = partial(Result, "order-pipeline", costs=costs, checked=checked)
    return [
        row("RESERVED", burst.rate, "/s", "acknowledged webhooks", ack.rate, Goal(at_least=0.2)),
        row("CPU of an order", cpu, "ms", "an empty echo's", await _echo_cpu(seconds), Goal(at_most=8)),
        row(f"p99 at {burst.rate / 2:.0f}/s", p99, "ms", "half a second", 500.0, Goal(at_most=1)),
    ]


async def _burst(place: Place, before: int) -> Burst:
    waiting = iter(list(signed_orders(place.merchant, SKU, ORDERS_IN_A_BURST)))
    spent = start_counting(place.system)
    began = time.perf_counter()

    async def store(connection: Connection) -> None:
        for signed in waiting:
            await connection.deliver(signed)

    async with connections(place.system.addresses.gateway, CONNECTIONS) as opened:
        await asyncio.gather(*map(store, opened))
    await orders_settled(place, before + ORDERS_IN_A_BURST)
    return Burst(ORDERS_IN_A_BURST / (time.perf_counter() - began), spent())


async def _at(rate: float, place: Place, before: int) -> list[float]:
    """Seconds from the send to RESERVED, shortest first, of orders that come at this rate whatever becomes of them."""
    waiting = list(signed_orders(place.merchant, SKU, int(rate * HALF_LOAD_SECONDS)))
    began = time.perf_counter()
    sent: dict[str, datetime] = {}

    async def send(number: int, signed: Signed) -> None:
        await asyncio.sleep(number / rate - (time.perf_counter() - began))
        sent[signed.order] = datetime.now(UTC)
        connection = free.pop()
        await connection.deliver(signed)
        free.append(connection)

    async with connections(place.system.addresses.gateway, CONNECTIONS * 4) as free, asyncio.TaskGroup() as tasks:
        for number, signed in enumerate(waiting):
            tasks.create_task(send(number, signed))
    await orders_settled(place, before + len(waiting))
    async with await psycopg.AsyncConnection.connect(place.system.postgres.url(database="orders")) as connection:
        rows = await connection.execute(_RESERVED_AT.encode(), (place.merchant.store["id"], list(sent)))
        return sorted([(reserved - sent[name]).total_seconds() async for name, reserved in rows])


async def _echo_cpu(seconds: float) -> float:
    """CPU milliseconds of an empty echo, of its server."""

    async def nothing() -> Metadata:
        return ()

    address, asked = f"{HOST}:{free_port()}", itertools.count()
    async with running("echo", address) as pid, grpc.aio.insecure_channel(address) as channel:
        before = cpu_of(pid)
        await closed_loop(CALLERS, seconds, asks_to_reserve(channel, nothing, [str(UUID(int=0))], asked))
        return (cpu_of(pid) - before) / next(asked) * 1000
