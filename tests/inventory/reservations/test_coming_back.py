"""A fulfilment that is cancelled in the store: its units are on the shelf again, once, and its order has them."""

from uuid import UUID

from inventory.reservations.demand import State
from inventory.stock.level import Balance
from inventory.warehouses.close_warehouse import close_warehouse
from tests.given.stock import Ordered, Stockroom, line


async def test_a_cancelled_fulfilment_is_given_back_once_and_reserved_for_its_order_again(room: Stockroom) -> None:
    """Trap 40: what was fulfilled in the store is consumed once, and given back once."""
    mug = await room.item(units=5)
    order = await room.order(line(mug, 3))
    left = Ordered(order, 2, [line(mug, 3, left={None: 2})])
    cancelled = Ordered(order, 3, [line(mug, 3)])
    await room.hear(left, left)
    assert await room.balance(mug) == Balance(on_hand=3, reserved=1)
    # Repeated, and behind it the older one again.
    await room.hear(cancelled, cancelled, left)
    await room.hear(left)

    assert await room.balance(mug) == Balance(on_hand=5, reserved=3)
    assert await room.kinds(mug) == ["ADJUSTED", "RESERVED", "CONSUMED", "FULFILLMENT_CANCELLED"]
    (row,) = await room.rows("SELECT cause, actor FROM ledger WHERE kind = 'FULFILLMENT_CANCELLED'")
    assert (row.cause, row.actor) == (f"order {order} version 3: its fulfilment was cancelled", "service:orders")
    (told,) = (await room.told(order))[-1].demand_reserved.lines
    assert (told.reserved, told.consumed) == (3, 0)
    await room.check_books()
    # Shipped after all: taken from what was reserved again.
    await room.hear(Ordered(order, 4, [line(mug, 3, left={None: 3})]))
    assert await room.balance(mug) == Balance(on_hand=2)
    assert (await room.demand(order)).state is State.CLOSED
    await room.check_books()


async def test_an_order_that_ended_gives_a_cancelled_fulfilment_back_without_reserving(room: Stockroom) -> None:
    """Trap 24: the cancel and the parcel that came back credit each unit once, whichever is heard first."""
    heard: tuple[list[tuple[int, dict[UUID | None, int], bool]], ...] = (
        [(3, {}, True)],
        [(3, {}, False), (4, {}, True)],
        [(3, {None: 2}, True), (4, {}, True)],
    )
    for told in heard:
        mug = await room.item(units=5)
        order = await room.order(line(mug, 3))
        await room.hear(Ordered(order, 2, [line(mug, 3, left={None: 2})]))
        for version, left, cancelled in told:
            event = Ordered(order, version, [line(mug, 0 if cancelled and not left else 3, left=left)], cancelled)
            await room.hear(event, event)

        assert await room.balance(mug) == Balance(on_hand=5)
        assert (await room.demand(order)).state is State.CLOSED
        await room.check_books()


async def test_a_closed_order_whose_parcel_came_back_has_its_units_before_those_who_wait(room: Stockroom) -> None:
    mug = await room.item(units=2)
    order = await room.order(line(mug, 2))
    waits = await room.order(line(mug, 1))
    await room.hear(Ordered(order, 2, [line(mug, 2, left={None: 2})]))
    await room.hear(Ordered(order, 3, [line(mug, 2)]))
    await room.serve()
    assert [(await room.demand(each)).state for each in (order, waits)] == [State.RESERVED, State.SHORT]

    await room.hear(Ordered(order, 4, [line(mug, 1)]))
    await room.serve()
    assert (await room.demand(waits)).state is State.RESERVED
    await room.check_books()


async def test_units_that_come_back_wake_those_who_wait_for_them(room: Stockroom) -> None:
    mug = await room.item(units=2)
    order = await room.order(line(mug, 2))
    await room.hear(Ordered(order, 2, [line(mug, 2, left={None: 2})]))
    waits = await room.order(line(mug, 2))
    await room.hear(Ordered(order, 3, [line(mug, 0)], cancelled=True))
    await room.serve()

    assert (await room.demand(waits)).state is State.RESERVED
    await room.check_books()


async def test_a_newcomer_does_not_overtake_those_who_wait_for_units_that_come_back(room: Stockroom) -> None:
    """Trap 45, with both in one batch."""
    mug = await room.item(units=2)
    order, new = await room.order(line(mug, 2)), room.clock.new_id()
    await room.hear(Ordered(order, 2, [line(mug, 2, left={None: 2})]))
    waits = await room.order(line(mug, 2))
    await room.hear(Ordered(order, 3, [line(mug, 0)], cancelled=True), Ordered(new, 1, [line(mug, 2)]))
    await room.serve()

    assert [(await room.demand(each)).state for each in (waits, new)] == [State.RESERVED, State.SHORT]
    await room.check_books()


async def test_units_come_back_to_where_they_left_from(room: Stockroom) -> None:
    """Nobody had promised them there, the books lacked one, and the warehouse is closed since."""
    mug = await room.item(units=1)
    far = await room.warehouse("FAR")
    order = room.clock.new_id()
    await room.hear(Ordered(order, 1, [line(mug, 2, left={far: 2})]))
    assert await room.kinds(mug) == ["ADJUSTED", "FOUND", "SHIPPED_UNRESERVED"]
    async with room.database.transaction(room.organization) as tx:
        await close_warehouse(tx, far)
    await room.hear(Ordered(order, 2, [line(mug, 2)]))

    assert await room.balance(mug, far) == Balance(on_hand=2, reserved=2)
    assert await room.balance(mug) == Balance(on_hand=1)
    (place,) = (await room.demand(order)).lines[0].reserved_at
    assert (place.code, place.why) == ("FAR", "came back: its fulfilment was cancelled")
    await room.check_books()


async def test_a_line_that_is_not_named_keeps_what_left_of_it(room: Stockroom) -> None:
    mug = await room.item(units=2)
    order = await room.order(line(mug, 2))
    await room.hear(Ordered(order, 2, [line(mug, 2, left={None: 2})]))
    await room.hear(Ordered(order, 3))

    assert await room.balance(mug) == Balance()
    assert (await room.demand(order)).lines[0].consumed == 2
