"""SetSafetyStock: what a warehouse holds back, and what its orders get of the rest."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from inventory.reservations.demand import State
from inventory.reservations.on_orders import on_orders
from inventory.reservations.waiting.sql import sweep
from inventory.stock.level import Balance
from inventory.stock.set_safety_stock import set_safety_stock
from rappit.inventory.v1.safety_stock_pb2 import SetSafetyStockRequest
from tests.given.locks import waits_for
from tests.given.refusals import refused
from tests.given.stock import Ordered, Stockroom, line
from tests.inventory.conftest import Person


async def hold_back(person: Person, item: UUID, units: int, warehouse: UUID | None = None) -> Any:
    request = SetSafetyStockRequest(item_id=str(item), warehouse_id=str(warehouse or ""), units=units)
    return (await person.call(person.stock.SetSafetyStock, request)).level


async def test_what_a_warehouse_holds_back_is_taken_elsewhere_or_not_at_all(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    far = await room.warehouse("FAR")
    await room.adjust(mug, 2, far)
    level = await hold_back(person, mug, 4)
    assert (level.available, level.safety_stock) == (5, 4)
    orders = [await room.order(line(mug, 2)), await room.order(line(mug, 2))]

    assert [(await room.demand(order)).state for order in orders] == [State.RESERVED, State.SHORT]
    assert await room.balance(mug, far) == Balance(on_hand=2, reserved=2)
    assert await room.balance(mug) == Balance(on_hand=5)
    # What is reserved stays, whatever is held back; what an order gives up is held back before another may have it.
    await hold_back(person, mug, 9, far)
    await room.hear(Ordered(orders[0], 2, [line(mug, 2)], cancelled=True))
    await room.serve()
    async with room.database.transaction(room.organization) as tx:
        assert await sweep(tx) == 0
    assert (await room.demand(orders[1])).state is State.SHORT
    await hold_back(person, mug, 3)
    await room.serve()
    assert (await room.demand(orders[1])).state is State.RESERVED
    await room.check_books()


async def test_an_order_that_swaps_units_does_not_get_those_that_are_held_back(person: Person, room: Stockroom) -> None:
    """Its own, which it gives back, count as there: but no more than is left of them."""
    mug = await room.item(units=4)
    order = await room.order(line(mug, 2, "a"))
    await hold_back(person, mug, 3)
    await room.hear(Ordered(order, 2, [line(mug, 2, "b")]))

    assert (await room.demand(order)).state is State.SHORT
    assert await room.balance(mug) == Balance(on_hand=4)
    await room.check_books()


async def test_both_kinds_of_safety_stock_are_held_back(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    await hold_back(person, mug, 2)
    async with room.database.transaction(room.organization) as tx:
        await tx.execute("UPDATE items SET safety_stock = 2 WHERE id = %s", (mug,))
    assert [(await room.demand(await room.order(line(mug, units)))).state for units in (2, 1)] == [
        State.SHORT,
        State.RESERVED,
    ]


async def test_less_of_it_while_an_order_turns_short_serves_the_order(room: Stockroom) -> None:
    """Trap 45."""
    mug = await room.item(units=2)
    async with room.database.transaction(room.organization) as tx:
        await set_safety_stock(tx, mug, None, 1)
    order = room.clock.new_id()

    async def hold_nothing_back() -> None:
        async with room.database.transaction(room.organization) as tx:
            await set_safety_stock(tx, mug, None, 0)

    async with room.database.transaction(room.organization) as tx:
        await on_orders(room.clock, tx, [room.message(tx, Ordered(order, 1, [line(mug, 2)]))])
        changing = asyncio.create_task(hold_nothing_back())
        await waits_for(room.database, tx.info.backend_pid)
    await changing
    await room.serve()

    assert (await room.demand(order)).state is State.RESERVED


async def test_what_is_not_there_or_not_ours_is_not_found(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    mug = await room.item()
    with refused("ITEM_NOT_FOUND"):
        await hold_back(stranger, mug, 1)
    with refused("WAREHOUSE_NOT_FOUND"):
        await hold_back(person, mug, 1, uuid4())
    with refused("INVALID_REQUEST"):
        await hold_back(person, mug, -1)
