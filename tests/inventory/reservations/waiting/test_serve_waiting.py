"""Those who wait: nobody is missed, who has waited longest is first, and a newcomer takes only what is left."""

from typing import Any

import pytest

from chassis.clock import SystemClock
from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from inventory.errors import InsufficientStock
from inventory.reservations.demand import ShortReason, State
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.waiting.serve_waiting import serve_waiting
from inventory.stock.change_level import Change
from inventory.stock.level import Balance
from inventory.stock.set_count import set_count
from inventory.warehouses.close_warehouse import close_warehouse
from inventory.warehouses.open_warehouse import open_warehouse
from tests.given.statements import statements
from tests.given.stock import PERSON, Ordered, Stockroom, line, make_stockroom, want


async def test_who_waits_longest_is_served_first(room: Stockroom) -> None:
    """Trap 45."""
    mug = await room.item()
    first, second, third = [await room.order(line(mug, 2)) for _ in range(3)]
    await room.adjust(mug, 5)
    await room.serve()

    states = [(await room.demand(each)).state for each in (first, second, third)]
    assert states == [State.RESERVED, State.RESERVED, State.SHORT]
    assert await room.balance(mug) == Balance(on_hand=5, reserved=4)
    assert [event.WhichOneof("event") for event in await room.told(first)] == ["demand_short", "demand_reserved"]
    assert (await room.told(first))[-1].header.cause == "serve_waiting"
    assert len(await room.told(third)) == 1
    await room.check_books()


async def test_a_newcomer_leaves_those_who_wait_longer_what_they_can_have(room: Stockroom) -> None:
    """Trap 45: before the worker came, and also when the caller is not an order."""
    mug = await room.item()
    waits = await room.order(line(mug, 3))
    await room.adjust(mug, 4)
    greedy = await room.order(line(mug, 2))
    modest = await room.order(line(mug, 1))
    with pytest.raises(InsufficientStock) as refused:
        await room.wish(room.clock.new_id(), want(mug, 1))

    assert refused.value.facts == {"line:1": f"item {mug} wanted 1 available 0"}
    assert (await room.demand(greedy)).state is State.SHORT
    await room.serve()
    states = [(await room.demand(each)).state for each in (waits, greedy, modest)]
    assert states == [State.RESERVED, State.SHORT, State.RESERVED]
    await room.check_books()


async def test_who_needs_more_than_there_is_keeps_nobody_waiting(room: Stockroom) -> None:
    mug = await room.item()
    await room.order(line(mug, 9))
    await room.adjust(mug, 4)
    small = await room.order(line(mug, 3))

    assert (await room.demand(small)).state is State.RESERVED


async def test_an_order_short_of_one_item_keeps_nobody_from_the_others(room: Stockroom) -> None:
    mug, pot = await room.item(units=1), await room.item()
    await room.order(line(mug, 1, "a"), line(pot, 1, "b"))
    other = await room.order(line(mug, 1))

    assert (await room.demand(other)).state is State.RESERVED


async def test_an_order_keeps_its_place_while_what_it_is_short_of_changes(room: Stockroom) -> None:
    mug, pot = await room.item(), await room.item()
    first = await room.order(line(mug, 1, "a"), line(pot, 1, "b"))
    second = await room.order(line(mug, 1))
    # A mug comes: the first cannot have it without its pot, so it does not stand in the second's way.
    await room.adjust(mug, 1)
    await room.serve()
    assert (await room.demand(second)).state is State.RESERVED
    third = await room.order(line(mug, 1))
    await room.adjust(pot, 1)
    await room.serve()
    await room.adjust(mug, 1)
    await room.serve()

    assert ((await room.demand(first)).state, (await room.demand(third)).state) == (State.RESERVED, State.SHORT)
    await room.check_books()


async def test_a_cancel_serves_who_waits(room: Stockroom) -> None:
    mug = await room.item(units=2)
    holds = await room.order(line(mug, 2))
    waits = await room.order(line(mug, 2))
    await room.hear(Ordered(holds, 2, [line(mug, 2)], cancelled=True))
    await room.serve()

    assert (await room.demand(waits)).state is State.RESERVED


async def test_one_who_leaves_the_queue_serves_those_behind(room: Stockroom) -> None:
    mug = await room.item()
    first = await room.order(line(mug, 2))
    second = await room.order(line(mug, 3))
    await room.adjust(mug, 1)
    await room.serve()
    await room.adjust(mug, 1)
    # Not served yet, and no longer wanted: what it could have had is the next one's.
    await room.adjust(mug, 1)
    await room.hear(Ordered(first, 2, [line(mug, 2)], cancelled=True))
    await room.serve()

    assert (await room.demand(second)).state is State.RESERVED


async def test_more_wait_than_are_served_at_once(room: Stockroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even those who wait for something else, and whose turn is after all that fit into the batch."""
    monkeypatch.setattr("inventory.reservations.waiting.serve_waiting.MOST_DEMANDS", 2)
    mug, pot = await room.item(), await room.item()
    orders = [await room.order(line(mug, 1)) for _ in range(7)]
    last = await room.order(line(pot, 1))
    await room.adjust(pot, 1)
    await room.adjust(mug, 6)
    await room.serve()

    states = [(await room.demand(each)).state for each in orders]
    assert states == [State.RESERVED] * 6 + [State.SHORT]
    assert (await room.demand(last)).state is State.RESERVED


async def test_a_batch_has_no_more_lines_than_a_transaction_takes(
    room: Stockroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inventory.reservations.batch.MOST_LINES", 2)
    mug, pot = await room.item(units=4), await room.item(units=4)
    orders = [await room.order(line(mug, 1, "1"), line(pot, 1, "2")) for _ in range(4)]
    async with room.database.transaction(room.organization) as tx:
        await set_count(tx, room.clock, Change(mug, None, PERSON, "count"), 1)
    with statements() as seen:
        await room.serve()

    states = [(await room.demand(each)).state for each in orders]
    assert states == [State.RESERVED, State.SHORT, State.SHORT, State.SHORT]
    assert sum("FOR NO KEY UPDATE" in each and "FROM demands" in each for each in seen) == 3
    await room.check_books()


async def test_with_all_warehouses_closed_an_order_waits_for_one_to_open(room: Stockroom) -> None:
    mug = await room.item(units=2)
    async with room.database.transaction(room.organization) as tx:
        await close_warehouse(tx, room.main)
    order = await room.order(line(mug, 1))
    (short,) = (await room.demand(order)).short_lines
    assert short.reason is ShortReason.NO_WAREHOUSE
    async with room.database.transaction(room.organization) as tx:
        await open_warehouse(tx, room.main)
    await room.serve()

    assert (await room.demand(order)).state is State.RESERVED


async def test_a_warehouse_that_opens_serves_who_waits_for_what_it_has(room: Stockroom) -> None:
    mug = await room.item()
    far = await room.warehouse("FAR")
    await room.adjust(mug, 2, far)
    async with room.database.transaction(room.organization) as tx:
        await close_warehouse(tx, far)
    order = await room.order(line(mug, 2))
    assert (await room.demand(order)).short_lines[0].reason is ShortReason.INSUFFICIENT_STOCK
    async with room.database.transaction(room.organization) as tx:
        await open_warehouse(tx, far)
    await room.serve()

    assert (await room.demand(order)).state is State.RESERVED


async def test_the_worker_serves_every_organization(inventory: Database, lease: Lease) -> None:
    rooms = [await make_stockroom(inventory) for _ in range(3)]
    orders = []
    for each in rooms:
        mug = await each.item()
        orders.append(await each.order(line(mug, 1)))
        await each.adjust(mug, 1)
    await serve_waiting(inventory, SystemClock(), lease)

    assert [(await each.demand(order)).state for each, order in zip(rooms, orders, strict=True)] == [State.RESERVED] * 3


async def test_what_fails_in_one_organization_is_left_for_the_next_run_and_keeps_nobody_else(
    inventory: Database, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trap 35: the word is taken away by the commit that acts on it, so whoever runs next finds it."""
    rooms = [await make_stockroom(inventory) for _ in range(2)]
    orders = []
    for each in rooms:
        mug = await each.item()
        orders.append(await each.order(line(mug, 1)))
        await each.adjust(mug, 1)

    async def fails_in_one(tx: Transaction, *given: Any) -> Any:
        if tx.organization == rooms[0].organization:
            raise RuntimeError("as if the process were killed")
        return await reserve_stock(tx, *given)

    with monkeypatch.context() as patched:
        patched.setattr("inventory.reservations.waiting.serve_waiting.reserve_stock", fails_in_one)
        await serve_waiting(inventory, SystemClock(), lease)
    states = [(await each.demand(order)).state for each, order in zip(rooms, orders, strict=True)]
    await serve_waiting(inventory, SystemClock(), lease)

    assert states == [State.SHORT, State.RESERVED]
    assert (await rooms[0].demand(orders[0])).state is State.RESERVED


async def test_a_worker_that_lost_its_lease_changes_nothing(room: Stockroom, inventory: Database, lease: Lease) -> None:
    """Trap 46."""
    mug = await room.item()
    order = await room.order(line(mug, 1))
    await room.adjust(mug, 1)
    stale = Lease(lease.name, lease.epoch - 1, 0.0)
    with pytest.raises(LeaseLost):
        await serve_waiting(inventory, SystemClock(), stale)

    assert (await room.demand(order)).state is State.SHORT


async def test_a_caller_who_lost_units_is_served_again(room: Stockroom) -> None:
    mug = await room.item(units=1)
    checkout = room.clock.new_id()
    await room.wish(checkout, want(mug, 1))
    await room.hear(Ordered(room.clock.new_id(), 1, [line(mug, 1, left={None: 1})]))
    await room.serve()
    assert (await room.demand(checkout)).state is State.SHORT
    await room.adjust(mug, 1)
    await room.serve()

    assert (await room.demand(checkout)).state is State.RESERVED
    await room.check_books()
