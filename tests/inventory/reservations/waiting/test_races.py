"""Stock that comes in the instant in which an order turns short: whoever is first, the order is served."""

import asyncio

from inventory.reservations.demand import State
from inventory.reservations.on_orders import on_orders
from inventory.stock.adjust_stock import adjust_stock
from inventory.stock.change_level import Change
from inventory.stock.level import Balance
from inventory.stock.lock_levels import lock_levels
from inventory.warehouses.close_warehouse import close_warehouse
from inventory.warehouses.create_warehouse import NewWarehouse, create_warehouse
from inventory.warehouses.open_warehouse import open_warehouse
from tests.given.locks import waits_for
from tests.given.stock import PERSON, Ordered, Stockroom, line


async def test_stock_that_comes_while_an_order_turns_short_serves_it(room: Stockroom) -> None:
    """Trap 45: the order is first to lock the level. Whoever brings the stock waits, and then knows of the order."""
    mug = await room.item(units=1)
    order = room.clock.new_id()
    async with room.database.transaction(room.organization) as tx:
        await on_orders(room.clock, tx, [room.message(tx, Ordered(order, 1, [line(mug, 2)]))])
        coming = asyncio.create_task(room.adjust(mug, 1))
        await waits_for(room.database, tx.info.backend_pid)
    await coming
    await room.serve()

    assert (await room.demand(order)).state is State.RESERVED


async def test_an_order_that_meets_stock_on_its_way_sees_it(room: Stockroom) -> None:
    """Trap 45: the stock is first to lock the level. The order waits, reads again, and is not short."""
    mug = await room.item(units=1)
    async with room.database.transaction(room.organization) as tx:
        await lock_levels(tx, [(mug, room.main)], [])
        ordering = asyncio.create_task(room.order(line(mug, 2)))
        await waits_for(room.database, tx.info.backend_pid)
        await adjust_stock(tx, room.clock, Change(mug, None, PERSON, "RECEIVED"), 1)
    order = await ordering

    assert (await room.demand(order)).state is State.RESERVED
    assert len(await room.told(order)) == 1


async def test_the_first_units_of_an_item_serve_who_waited_before_it_had_a_level(room: Stockroom) -> None:
    """A row that is not there cannot be locked: the level is made by whoever comes first."""
    mug = await room.item()
    order = room.clock.new_id()
    async with room.database.transaction(room.organization) as tx:
        await on_orders(room.clock, tx, [room.message(tx, Ordered(order, 1, [line(mug, 2)]))])
        coming = asyncio.create_task(room.adjust(mug, 2))
        await waits_for(room.database, tx.info.backend_pid)
    await coming
    await room.serve()

    assert (await room.demand(order)).state is State.RESERVED


async def test_a_warehouse_that_opens_while_an_order_turns_short_serves_it(room: Stockroom) -> None:
    mug = await room.item(units=2)
    async with room.database.transaction(room.organization) as tx:
        await close_warehouse(tx, room.main)

    async def open_main() -> None:
        async with room.database.transaction(room.organization) as tx:
            await open_warehouse(tx, room.main)

    order = room.clock.new_id()
    async with room.database.transaction(room.organization) as tx:
        await on_orders(room.clock, tx, [room.message(tx, Ordered(order, 1, [line(mug, 2)]))])
        opening = asyncio.create_task(open_main())
        await waits_for(room.database, tx.info.backend_pid)
    await opening
    await room.serve()

    assert (await room.demand(order)).state is State.RESERVED


async def test_a_warehouse_that_is_made_and_stocked_while_an_order_turns_short_serves_it(room: Stockroom) -> None:
    """Trap 45: the order has looked at all warehouses. Whoever makes another one waits, and then the order is known."""
    mug = await room.item(units=1)
    order = room.clock.new_id()

    async def stock_a_new_one() -> None:
        await room.adjust(mug, 2, await room.warehouse("FAR"))

    async with room.database.transaction(room.organization) as tx:
        await on_orders(room.clock, tx, [room.message(tx, Ordered(order, 1, [line(mug, 2)]))])
        stocking = asyncio.create_task(stock_a_new_one())
        await waits_for(room.database, tx.info.backend_pid)
    await stocking
    await room.serve()

    assert (await room.demand(order)).state is State.RESERVED


async def test_an_order_that_meets_a_warehouse_in_the_making_takes_from_it(room: Stockroom) -> None:
    """Trap 45: the order waits for it, looks at all warehouses again, and is not short."""
    mug = await room.item(units=1)
    async with room.database.transaction(room.organization) as tx:
        far = await create_warehouse(tx, room.clock, NewWarehouse("FAR", "Far", 200))
        ordering = asyncio.create_task(room.order(line(mug, 2)))
        await waits_for(room.database, tx.info.backend_pid)
        await adjust_stock(tx, room.clock, Change(mug, far.id, PERSON, "RECEIVED"), 2)
    order = await ordering

    assert (await room.demand(order)).state is State.RESERVED
    assert await room.balance(mug, far.id) == Balance(on_hand=2, reserved=2)


async def test_a_cancel_that_meets_a_parcel_gives_back_only_what_is_left(room: Stockroom) -> None:
    """A fact takes units back without the demand's lock: what was read before the level was locked is out of date."""
    mug = await room.item(units=2)
    order = await room.order(line(mug, 2))
    async with room.database.transaction(room.organization) as tx:
        parcel = Ordered(room.clock.new_id(), 1, [line(mug, 1, left={room.main: 1})])
        await on_orders(room.clock, tx, [room.message(tx, parcel)])
        cancelling = asyncio.create_task(room.hear(Ordered(order, 2, [line(mug, 2)], cancelled=True)))
        await waits_for(room.database, tx.info.backend_pid)
    await cancelling

    assert await room.kinds(mug) == ["ADJUSTED", "RESERVED", "RELEASED", "SHIPPED_UNRESERVED", "RELEASED"]
    assert await room.balance(mug) == Balance(on_hand=1)
    await room.check_books()
