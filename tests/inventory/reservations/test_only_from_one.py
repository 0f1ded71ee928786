"""Orders that are taken from one warehouse alone: all of it from there, or none, until one has all."""

from uuid import UUID, uuid4

import pytest

from inventory.errors import InsufficientStock
from inventory.reservations.demand import Owner, ShortReason, State
from inventory.reservations.waiting.sql import sweep
from inventory.reservations.wish import Want, WantedLine
from inventory.stock.level import Balance
from inventory.warehouses.close_warehouse import close_warehouse
from inventory.warehouses.open_warehouse import open_warehouse
from inventory.warehouses.set_sourcing import set_sourcing
from inventory.warehouses.sourcing import Rule, Sourcing
from tests.given.stock import Ordered, Stockroom, line


async def choose(room: Stockroom, rule: Rule) -> None:
    async with room.database.transaction(room.organization) as tx:
        await set_sourcing(tx, Sourcing(rule), "")


async def places(room: Stockroom, order: UUID) -> set[str]:
    """Codes of the warehouses that the order is taken from."""
    return {place.code for each in (await room.demand(order)).lines for place in each.reserved_at}


async def test_it_waits_for_one_that_has_all_and_keeps_nothing_from_others(room: Stockroom) -> None:
    """Trap 45."""
    mug, pot = await room.item(units=2), await room.item()
    far = await room.warehouse("FAR")
    await room.adjust(pot, 1, far)
    await choose(room, Rule.ONLY_FROM_ONE)
    order = await room.order(line(mug, 2, "mug"), line(pot, 1, "pot"))
    short = await room.demand(order)
    assert [(each.line_id, each.missing, each.reason) for each in short.short_lines] == [
        ("mug", 2, ShortReason.NOT_IN_ONE_WAREHOUSE),
        ("pot", 1, ShortReason.NOT_IN_ONE_WAREHOUSE),
    ]
    # It has nothing, so whoever can be served is.
    newcomer = await room.order(line(mug, 2))
    assert await places(room, newcomer) == {"MAIN"}
    await room.hear(Ordered(newcomer, 2, [line(mug, 2)], cancelled=True))
    # What does not help wakes it to no end: it is tried, and is short as before.
    await room.adjust(mug, 1, far)
    await room.serve()
    async with room.database.transaction(room.organization) as tx:
        assert await sweep(tx) == 0
    assert len(await room.told(order)) == 1
    # Its turn is before that of a newcomer, as soon as one warehouse has all.
    await room.adjust(mug, 1, far)
    late = await room.order(line(mug, 2, "mug"), line(pot, 1, "pot"))
    assert (await room.demand(late)).state is State.SHORT
    await room.serve()
    assert [(await room.demand(each)).state for each in (order, late)] == [State.RESERVED, State.SHORT]
    assert await places(room, order) == {"FAR"}
    await room.check_books()


async def test_a_warehouse_that_is_made_or_opened_may_have_all(room: Stockroom) -> None:
    mug, pot = await room.item(units=1), await room.item()
    far = await room.warehouse("FAR")
    await room.adjust(pot, 2, far)
    await choose(room, Rule.ONLY_FROM_ONE)
    orders = [await room.order(line(mug, 1, "mug"), line(pot, 1, "pot")) for _ in range(2)]
    near = await room.warehouse("NEAR")
    await room.serve()
    for item in (mug, pot):
        await room.adjust(item, 1, near)
    await room.serve()
    assert [(await room.demand(each)).state for each in orders] == [State.RESERVED, State.SHORT]
    async with room.database.transaction(room.organization) as tx:
        await close_warehouse(tx, room.main)
    await room.adjust(pot, 1, room.main)
    async with room.database.transaction(room.organization) as tx:
        await open_warehouse(tx, room.main)
    await room.serve()

    assert [await places(room, each) for each in orders] == [{"NEAR"}, {"MAIN"}]
    await room.check_books()


async def test_whoever_waits_for_a_warehouse_that_is_closed_is_tried_at_the_others(room: Stockroom) -> None:
    mug, pot = await room.item(units=2), await room.item()
    far = await room.warehouse("FAR")
    await choose(room, Rule.ONLY_FROM_ONE)
    order = await room.order(line(mug, 2, "mug"))
    await room.hear(Ordered(order, 2, [line(mug, 2, "mug"), line(pot, 1, "pot")]))
    await room.adjust(pot, 5, far)
    await room.serve()
    assert (await room.demand(order)).state is State.SHORT
    async with room.database.transaction(room.organization) as tx:
        await close_warehouse(tx, room.main)
    await room.serve()

    assert await places(room, order) == {"MAIN", "FAR"}
    assert await room.rows("SELECT FROM waiting") == []
    await room.check_books()


async def test_whoever_waits_is_noticed_once_whatever_becomes_of_the_warehouses(room: Stockroom) -> None:
    mug = await room.item(units=1)
    await room.adjust(mug, 1, await room.warehouse("FAR"))
    await choose(room, Rule.ONLY_FROM_ONE)
    order = await room.order(line(mug, 2))
    for turn in (close_warehouse, close_warehouse, open_warehouse):
        async with room.database.transaction(room.organization) as tx:
            await turn(tx, room.main)
    await choose(room, Rule.WHOLE_FROM_ONE)

    assert [row.demand_id for row in await room.rows("SELECT demand_id FROM notices")] == [order]


async def test_whoever_waits_is_tried_again_by_another_policy(room: Stockroom) -> None:
    mug = await room.item(units=1)
    far = await room.warehouse("FAR")
    await room.adjust(mug, 1, far)
    await choose(room, Rule.ONLY_FROM_ONE)
    order = await room.order(line(mug, 2))
    await choose(room, Rule.LINE_BY_LINE)
    await room.serve()

    assert await places(room, order) == {"MAIN", "FAR"}
    assert await room.rows("SELECT FROM waiting") == []


async def test_more_of_it_comes_from_where_the_rest_is(room: Stockroom) -> None:
    mug, pot = await room.item(), await room.item(units=5)
    far = await room.warehouse("FAR")
    await room.adjust(mug, 2, far)
    await choose(room, Rule.ONLY_FROM_ONE)
    order = await room.order(line(mug, 1, "mug"))
    await room.hear(Ordered(order, 2, [line(mug, 2, "mug"), line(pot, 1, "pot")]))
    status = await room.demand(order)
    assert [each.reserved for each in status.lines] == [2, 0]
    assert [each.reason for each in status.short_lines] == [ShortReason.NOT_IN_ONE_WAREHOUSE]
    await room.adjust(pot, 1, far)
    await room.serve()

    assert await places(room, order) == {"FAR"}
    assert (await room.demand(order)).lines[1].reserved_at[0].why == "FAR has the order's other units"
    await room.check_books()


async def test_a_caller_gets_all_from_one_or_is_refused(room: Stockroom) -> None:
    mug, pot = await room.item(units=1), await room.item()
    far = await room.warehouse("FAR")
    await room.adjust(pot, 1, far)
    await choose(room, Rule.ONLY_FROM_ONE)
    with pytest.raises(InsufficientStock) as caught:
        await room.wish(uuid4(), Want(Owner.API, 1, (WantedLine("1", mug, 1), WantedLine("2", pot, 1))))

    assert set(caught.value.facts) == {"line:1", "line:2"}
    assert await room.balance(mug) == Balance(on_hand=1)
    assert await room.rows("SELECT FROM waiting") == []
