"""Orders' events: what an order wants becomes what is reserved for it."""

from uuid import uuid4

import pytest

from chassis.database.pool import Database
from chassis.errors import NotYet
from inventory.errors import ItemNotFound, WarehouseNotFound
from inventory.reservations.demand import Owner, ShortReason, State
from inventory.stock.level import Balance
from rappit.inventory.v1.events_pb2 import SHORT_REASON_INSUFFICIENT_STOCK, SHORT_REASON_WITH_ORDER
from rappit.inventory.v1.reservations_pb2 import DEMAND_OWNER_ORDERS
from tests.given.stock import Ordered, Stockroom, line, make_stockroom, want


async def test_an_order_is_reserved_and_told_so(room: Stockroom) -> None:
    mug = await room.item(units=5)
    order = await room.order(line(mug, 3))

    assert await room.balance(mug) == Balance(on_hand=5, reserved=3)
    (event,) = await room.told(order)
    assert (event.header.aggregate_id, event.header.aggregate_version) == (str(order), 1)
    assert (event.order_version, event.owner) == (1, DEMAND_OWNER_ORDERS)
    (told,) = event.demand_reserved.lines
    assert (told.line_id, told.item_id, told.wanted, told.reserved, told.consumed) == ("1", str(mug), 3, 3, 0)
    assert [(place.warehouse_id, place.quantity) for place in told.reserved_at] == [(str(room.main), 3)]
    await room.check_books()


async def test_an_order_is_taken_whole_or_not_at_all(room: Stockroom) -> None:
    mug, pot = await room.item(units=5), await room.item(units=1)
    order = await room.order(line(mug, 2, "a"), line(pot, 3, "b"))

    assert await room.balance(mug) == Balance(on_hand=5)
    (event,) = await room.told(order)
    short = {each.line_id: (each.missing, each.reason) for each in event.demand_short.short_lines}
    assert short == {"a": (2, SHORT_REASON_WITH_ORDER), "b": (3, SHORT_REASON_INSUFFICIENT_STOCK)}
    assert [told.reserved for told in event.demand_short.lines] == [0, 0]


async def test_two_lines_on_one_item_are_counted_together(room: Stockroom) -> None:
    """Trap 21."""
    mug = await room.item(units=3)
    too_many = await room.order(line(mug, 2, "a"), line(mug, 2, "b"))
    fits = await room.order(line(mug, 2, "a"), line(mug, 1, "b"))

    assert (await room.demand(too_many)).state is State.SHORT
    assert [told.reserved for told in (await room.demand(fits)).lines] == [2, 1]
    assert await room.balance(mug) == Balance(on_hand=3, reserved=3)
    await room.check_books()


async def test_before_the_organization_is_known_an_order_waits(inventory: Database) -> None:
    room = await make_stockroom(inventory)
    stranger = Stockroom(inventory, uuid4(), room.clock, room.main)
    with pytest.raises(NotYet):
        await stranger.order(line(uuid4(), 1))


async def test_a_lower_version_changes_nothing_and_an_equal_one_is_answered_again(room: Stockroom) -> None:
    """Trap 22: reserved repeatedly, held once."""
    mug = await room.item(units=9)
    order = await room.order(line(mug, 2))
    await room.hear(Ordered(order, 3, [line(mug, 4)]))
    await room.hear(Ordered(order, 2, [line(mug, 9)]))
    await room.hear(Ordered(order, 3, [line(mug, 4)]))

    told = [(event.header.aggregate_version, event.order_version) for event in await room.told(order)]
    assert told == [(1, 1), (2, 3), (3, 3)]
    first, second, third = await room.told(order)
    assert third.demand_reserved == second.demand_reserved != first.demand_reserved
    assert await room.balance(mug) == Balance(on_hand=9, reserved=4)
    assert await room.kinds(mug) == ["ADJUSTED", "RESERVED", "RESERVED"]


async def test_versions_in_one_batch_are_applied_in_their_order(room: Stockroom) -> None:
    mug = await room.item(units=9)
    order = room.clock.new_id()
    await room.hear(
        Ordered(order, 1, [line(mug, 2)]), Ordered(order, 2, [line(mug, 5)]), Ordered(order, 1, [line(mug, 2)])
    )

    assert [event.order_version for event in await room.told(order)] == [1, 2]
    assert await room.balance(mug) == Balance(on_hand=9, reserved=5)
    await room.check_books()


async def test_an_increase_keeps_what_is_reserved_and_is_short_by_the_rest(room: Stockroom) -> None:
    mug, pot = await room.item(units=3), await room.item(units=1)
    order = await room.order(line(mug, 2))
    await room.hear(Ordered(order, 2, [line(mug, 6), line(pot, 1, "2")]))

    status = await room.demand(order)
    assert [told.reserved for told in status.lines] == [2, 1]
    assert [(short.line_id, short.missing) for short in status.short_lines] == [("1", 4)]
    assert status.short_lines[0].reason is ShortReason.INSUFFICIENT_STOCK


async def test_a_decrease_always_applies(room: Stockroom) -> None:
    mug, pot = await room.item(units=4), await room.item()
    order = await room.order(line(mug, 4))
    # The pot cannot be had, and the mugs go back all the same.
    await room.hear(Ordered(order, 2, [line(mug, 1), line(pot, 1, "2")]))

    assert await room.balance(mug) == Balance(on_hand=4, reserved=1)
    assert (await room.demand(order)).state is State.SHORT
    await room.check_books()


async def test_what_stays_is_where_stock_is_taken_from_first(room: Stockroom) -> None:
    mug = await room.item(units=2)
    far = await room.warehouse("FAR")
    await room.adjust(mug, 2, far)
    order = await room.order(line(mug, 4))
    await room.hear(Ordered(order, 2, [line(mug, 3)]))

    places = (await room.demand(order)).lines[0].reserved_at
    assert [(place.warehouse_id, place.units) for place in places] == [(room.main, 2), (far, 1)]


async def test_a_line_that_is_gone_wants_nothing(room: Stockroom) -> None:
    mug, pot = await room.item(units=2), await room.item(units=2)
    order = await room.order(line(mug, 2, "a"))
    await room.hear(Ordered(order, 2, [line(pot, 2, "b")]))

    assert (await room.balance(mug)).reserved == 0
    assert [told.line_id for told in (await room.demand(order)).lines] == ["b"]


async def test_a_line_that_becomes_another_item_gives_the_first_one_back(room: Stockroom) -> None:
    mug, pot = await room.item(units=2), await room.item(units=2)
    order = await room.order(line(mug, 2))
    await room.hear(Ordered(order, 2, [line(pot, 2)]))

    assert ((await room.balance(mug)).reserved, (await room.balance(pot)).reserved) == (0, 2)
    await room.check_books()


async def test_a_cancelled_order_gives_back_exactly_what_it_held(room: Stockroom) -> None:
    """Trap 23: a cancel gives back what was held."""
    mug = await room.item(units=5)
    order = await room.order(line(mug, 4))
    await room.hear(Ordered(order, 2, [line(mug, 4, left={room.main: 1})]))
    await room.hear(Ordered(order, 3, [line(mug, 4, left={room.main: 1})], cancelled=True))
    await room.hear(Ordered(order, 3, [line(mug, 4, left={room.main: 1})], cancelled=True))

    assert await room.balance(mug) == Balance(on_hand=4)
    assert await room.kinds(mug) == ["ADJUSTED", "RESERVED", "CONSUMED", "RELEASED"]
    status = await room.demand(order)
    assert (status.state, status.lines[0].reserved, status.lines[0].consumed) == (State.CLOSED, 0, 1)
    assert (await room.told(order))[-1].demand_closed.lines[0].consumed == 1
    await room.check_books()


async def test_a_cancel_that_comes_first_leaves_nothing_to_reserve(room: Stockroom) -> None:
    """Trap 43."""
    mug = await room.item(units=5)
    order = room.clock.new_id()
    await room.hear(Ordered(order, 2, [line(mug, 3)], cancelled=True))
    await room.hear(Ordered(order, 1, [line(mug, 3)]))

    assert await room.balance(mug) == Balance(on_hand=5)
    status = await room.demand(order)
    assert (status.state, status.demand.version) == (State.CLOSED, 2)
    assert [event.WhichOneof("event") for event in await room.told(order)] == ["demand_closed"]


async def test_a_cancel_while_an_order_waits_leaves_nobody_waiting(room: Stockroom) -> None:
    """Trap 43: the worker who serves those who wait finds it closed."""
    mug = await room.item()
    order = await room.order(line(mug, 3))
    await room.adjust(mug, 3)
    await room.hear(Ordered(order, 2, [line(mug, 3)], cancelled=True))
    await room.serve()

    assert await room.balance(mug) == Balance(on_hand=3)
    assert await room.rows("SELECT FROM waiting") == []


async def test_an_order_takes_over_the_demand_that_a_caller_made_with_its_id(room: Stockroom) -> None:
    mug = await room.item(units=5)
    order = room.clock.new_id()
    await room.wish(order, want(mug, 4, version=7, line_id="theirs"))
    await room.hear(Ordered(order, 1, [line(mug, 2)]))

    status = await room.demand(order)
    assert (status.demand.owner, status.demand.version, status.state) == (Owner.ORDERS, 1, State.RESERVED)
    assert await room.balance(mug) == Balance(on_hand=5, reserved=2)
    await room.check_books()


@pytest.mark.parametrize("place", ["item", "warehouse"])
async def test_ids_that_the_organization_does_not_have_are_refused(room: Stockroom, place: str) -> None:
    mug = await room.item(units=1)
    wrong = line(uuid4(), 1) if place == "item" else line(mug, 1, left={uuid4(): 1})
    with pytest.raises(ItemNotFound if place == "item" else WarehouseNotFound):
        await room.order(wrong)

    assert await room.rows("SELECT FROM demands") == []


async def test_an_order_that_wants_nothing_is_closed_until_it_wants_something(room: Stockroom) -> None:
    mug = await room.item(units=1)
    order = room.clock.new_id()
    await room.hear(Ordered(order, 1))
    await room.hear(Ordered(order, 2, [line(mug, 1)]))

    kinds = [event.WhichOneof("event") for event in await room.told(order)]
    assert kinds == ["demand_closed", "demand_reserved"]


async def test_the_ledger_says_who_what_for_and_why(room: Stockroom) -> None:
    mug = await room.item(units=1)
    far = await room.warehouse("FAR")
    await room.adjust(mug, 2, far)
    order = await room.order(line(mug, 2, "a"), line(mug, 1, "b"))
    rows = await room.rows(
        "SELECT warehouse_id, kind, cause, demand_id, actor FROM ledger WHERE item_id = %s AND kind = 'RESERVED'", mug
    )

    assert {(row.demand_id, row.actor) for row in rows} == {(order, "service:orders")}
    assert {row.warehouse_id for row in rows} == {room.main, far}
    assert {row.cause for row in rows} == {
        f"order {order} version 1: FAR is the first with all 2: MAIN had 1",
        f"order {order} version 1: MAIN is the first with all 1",
    }
    split = await room.item(units=1)
    await room.adjust(split, 1, far)
    await room.order(line(split, 2))
    rows = await room.rows("SELECT cause FROM ledger WHERE item_id = %s AND kind = 'RESERVED'", split)
    assert len(rows) == 2
    assert all("split, for no warehouse has all: " in row.cause for row in rows)
