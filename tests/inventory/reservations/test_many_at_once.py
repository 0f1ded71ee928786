"""Many connections at once on the same items."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID, uuid4

import psycopg
import pytest
from prometheus_client import REGISTRY

from chassis.database.pool import Database
from chassis.errors import RemoteRefusal
from chassis.rpc.context import Call, Caller, calling
from inventory.reservations.demand import State
from inventory.reservations.rpc import Reservations
from inventory.stock.level import Balance
from rappit.inventory.v1.reservations_pb2 import ReserveStockRequest, ReserveStockResponse, WantedLine
from tests.given.locks import waits_for
from tests.given.stock import Ordered, Stockroom, line, want
from tests.inventory.conftest import Person

T = TypeVar("T")
NO_CONTEXT: Any = None


async def side_by_side(work: Iterable[Awaitable[T]]) -> list[T]:
    """The results of all, as many at once as there are connections: nobody is refused for waiting too long for one."""
    connections = asyncio.Semaphore(16)

    async def one(each: Awaitable[T]) -> T:
        async with connections:
            return await each

    return await asyncio.gather(*map(one, work))


async def until_locked(work: Callable[[], Awaitable[object]]) -> None:
    """Repeat it while its turn does not come in time, as consumers and jobs do."""
    while True:
        with suppress(psycopg.errors.LockNotAvailable):
            await work()
            return


async def test_a_hundred_callers_on_fifty_units(person: Person, room: Stockroom) -> None:
    """Trap 19: exactly fifty are served, and the other fifty are told why."""
    mug = await room.item(units=50)

    def reserve() -> Awaitable[object]:
        lines = [WantedLine(line_id="1", item_id=str(mug), quantity=1)]
        request = ReserveStockRequest(demand_id=str(uuid4()), version=1, lines=lines)
        return person.call(person.reservations.ReserveStock, request)

    answers = await asyncio.gather(*(reserve() for _ in range(100)), return_exceptions=True)
    refusals = [answer for answer in answers if isinstance(answer, RemoteRefusal)]
    assert sum(isinstance(answer, ReserveStockResponse) for answer in answers) == 50
    assert [refusal.reason for refusal in refusals] == ["INSUFFICIENT_STOCK"] * 50
    assert {refusal.facts["line:1"] for refusal in refusals} == {f"item {mug} wanted 1 available 0"}
    assert await room.balance(mug) == Balance(on_hand=50, reserved=50)
    await room.check_books()


async def test_calls_of_many_lines_are_decided_in_more_transactions(
    room: Stockroom, inventory: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None may take longer than the database lets a transaction take."""
    monkeypatch.setattr("inventory.reservations.rpc.MOST_LINES", 4)
    servicer = Reservations(inventory, room.clock)
    mug = await room.item(units=50)

    async def reserve() -> None:
        lines = [WantedLine(line_id=str(n), item_id=str(mug), quantity=1) for n in range(2)]
        with calling(Call(Caller("user:1", room.organization), "test", time.monotonic() + 9, str(uuid4()))):
            await servicer.ReserveStock(ReserveStockRequest(demand_id=str(uuid4()), version=1, lines=lines), NO_CONTEXT)

    before = batches()
    await asyncio.gather(*(reserve() for _ in range(6)))
    assert batches() - before == 3
    assert await room.balance(mug) == Balance(on_hand=50, reserved=12)


def batches() -> float:
    return REGISTRY.get_sample_value("rappit_group_commit_batch_items_count") or 0.0


async def test_a_hundred_orders_on_fifty_units_in_a_transaction_each(room: Stockroom) -> None:
    """Trap 19: sixteen connections at once, no batches."""
    mug = await room.item(units=50)
    orders = await side_by_side(room.order(line(mug, 1)) for _ in range(100))
    states = Counter([(await room.demand(order)).state for order in orders])

    assert states == {State.RESERVED: 50, State.SHORT: 50}
    assert await room.balance(mug) == Balance(on_hand=50, reserved=50)
    await room.check_books()


async def test_locks_are_taken_in_one_order_whatever_is_asked_first(room: Stockroom) -> None:
    """Trap 20: who waits for the one in the middle has locked all that come before it, and nothing that comes after."""
    items = [await room.item(units=9) for _ in range(6)]
    far = await room.warehouse("FAR")
    places = sorted((item, place) for item in items for place in (room.main, far))
    orders = sorted(room.clock.new_id() for _ in range(9))
    asked = [*orders[::2], *orders[1::2]]
    for order in reversed(asked):
        await room.hear(Ordered(order, 1, [line(item, 1, str(item)) for item in items]))
    wanted = [line(item, 2, str(item)) for item in (*items[::2], *items[1::2])]

    rows: dict[str, Sequence[tuple[UUID, ...]]] = {
        "SELECT id FROM demands": [(order,) for order in orders],
        "SELECT item_id, warehouse_id FROM levels": places,
    }
    for select, keys in rows.items():
        middle = len(keys) // 2
        async with room.database.transaction(room.organization) as tx:
            where = " WHERE id = %s" if select.endswith("demands") else " WHERE item_id = %s AND warehouse_id = %s"
            await tx.execute(f"{select}{where} FOR NO KEY UPDATE".encode(), keys[middle])
            asking = asyncio.create_task(room.hear(*(Ordered(order, 2, wanted) for order in asked)))
            await waits_for(room.database, tx.info.backend_pid)
            free = await room.rows(f"{select} FOR NO KEY UPDATE SKIP LOCKED")
            assert sorted(map(tuple, free)) == keys[middle + 1 :]
        await asking


async def test_orders_of_many_items_in_any_order_never_meet_in_a_deadlock(room: Stockroom) -> None:
    """Trap 20: a deadlock would be seen here, for nothing repeats it; only waiting too long for a lock is no fault."""
    rng = random.Random(20)
    items = [await room.item(units=40) for _ in range(8)]
    far = await room.warehouse("FAR")
    for item in items:
        await room.adjust(item, 40, far)

    def lines() -> list[tuple[UUID, int]]:
        return [(item, rng.randint(1, 3)) for item in rng.sample(items, rng.randint(1, 5))]

    async def batch() -> None:
        # New orders, orders that are changed at the same time elsewhere, cancels.
        events = []
        for order in rng.sample(orders, 4):
            wanted = [line(item, units, str(n)) for n, (item, units) in enumerate(lines())]
            events.append(Ordered(order, rng.randint(1, 50), wanted, cancelled=rng.random() < 0.2))
        await until_locked(lambda: room.hear(*events))

    async def adjust() -> None:
        item, place = rng.choice(items), rng.choice([room.main, far])
        await until_locked(lambda: room.adjust(item, 1, place))

    orders = [room.clock.new_id() for _ in range(12)]
    work = [batch() for _ in range(40)] + [adjust() for _ in range(20)] + [until_locked(room.serve) for _ in range(5)]
    rng.shuffle(work)
    await side_by_side(work)
    await room.serve()
    await room.check_books()


async def test_one_demand_asked_for_by_twenty_at_once_is_reserved_once(room: Stockroom) -> None:
    """Trap 22."""
    mug = await room.item(units=50)
    demand = uuid4()
    answers = await side_by_side(room.wish(demand, want(mug, 2)) for _ in range(20))

    assert len({answer.status for answer in answers}) == 1
    assert await room.balance(mug) == Balance(on_hand=50, reserved=2)
    assert len(await room.told(demand)) == 1


async def test_a_cancel_beside_a_retry_leaves_nothing_held(room: Stockroom) -> None:
    """Trap 43."""
    mug = await room.item(units=50)
    for _ in range(10):
        order = room.clock.new_id()
        await asyncio.gather(
            room.hear(Ordered(order, 1, [line(mug, 2)])),
            room.hear(Ordered(order, 2, [line(mug, 2)], cancelled=True)),
            room.hear(Ordered(order, 1, [line(mug, 2)])),
        )
        assert (await room.demand(order)).state is State.CLOSED
    assert await room.balance(mug) == Balance(on_hand=50)
    await room.check_books()
