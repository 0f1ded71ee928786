"""Units that left: from their reservation where there is one, and in any case from the books."""

from contextlib import suppress

import pytest
from prometheus_client import REGISTRY

from inventory.errors import ItemNotFound
from inventory.reservations.demand import State
from inventory.reservations.on_orders import on_orders
from inventory.stock.level import Balance
from tests.given.log_lines import LogLines
from tests.given.stock import Ordered, Stockroom, line


async def test_shipping_takes_exactly_what_left(room: Stockroom) -> None:
    """Traps 23 and 40: fulfilled is cumulative, so hearing of it twice takes nothing twice."""
    mug = await room.item(units=5)
    order = await room.order(line(mug, 4))
    for version, left in ((2, 1), (3, 1), (4, 3), (5, 4)):
        await room.hear(Ordered(order, version, [line(mug, 4, left={room.main: left})]))
        assert await room.balance(mug) == Balance(on_hand=5 - left, reserved=4 - left)

    assert (await room.demand(order)).state is State.CLOSED
    assert await room.kinds(mug) == ["ADJUSTED", "RESERVED", "CONSUMED", "CONSUMED", "CONSUMED"]
    await room.check_books()


async def test_what_left_from_nowhere_in_particular_leaves_from_where_it_is_reserved(room: Stockroom) -> None:
    mug = await room.item(units=1)
    far = await room.warehouse("FAR")
    await room.adjust(mug, 3, far)
    order = await room.order(line(mug, 4))
    await room.hear(Ordered(order, 2, [line(mug, 4, left={None: 2})]))

    assert await room.balance(mug) == Balance()
    assert await room.balance(mug, far) == Balance(on_hand=2, reserved=2)
    # Later the store says from where: the same units, not two more.
    await room.hear(Ordered(order, 3, [line(mug, 4, left={room.main: 1, far: 1})]))
    assert await room.balance(mug, far) == Balance(on_hand=2, reserved=2)
    await room.check_books()


async def test_an_order_that_was_shipped_before_we_heard_of_it_takes_its_units_off_the_shelf(room: Stockroom) -> None:
    """Trap 40: fulfilled in the store before our first event."""
    mug = await room.item(units=5)
    order = room.clock.new_id()
    await room.hear(Ordered(order, 1, [line(mug, 3, left={None: 2})]))

    assert await room.balance(mug) == Balance(on_hand=3, reserved=1)
    assert await room.kinds(mug) == ["ADJUSTED", "SHIPPED_UNRESERVED", "RESERVED"]
    status = (await room.demand(order)).lines[0]
    assert (status.reserved, status.consumed) == (1, 2)
    await room.check_books()


async def test_a_parcel_that_leaves_after_its_cancel_leaves_the_books_too(room: Stockroom) -> None:
    """Trap 44."""
    mug = await room.item(units=2)
    order = await room.order(line(mug, 2))
    await room.hear(Ordered(order, 2, [line(mug, 2)], cancelled=True))
    await room.hear(Ordered(order, 3, [line(mug, 2, left={room.main: 2})], cancelled=True))

    assert await room.balance(mug) == Balance()
    assert (await room.kinds(mug))[-1] == "SHIPPED_UNRESERVED"
    await room.check_books()


async def test_units_that_the_books_did_not_have_are_found_first(room: Stockroom) -> None:
    mug = await room.item(units=1)
    order = room.clock.new_id()
    await room.hear(Ordered(order, 1, [line(mug, 3, left={None: 3})]))

    assert await room.balance(mug) == Balance()
    assert await room.kinds(mug) == ["ADJUSTED", "FOUND", "SHIPPED_UNRESERVED"]
    assert (await room.demand(order)).state is State.CLOSED
    await room.check_books()


async def test_a_parcel_that_nobody_reserved_takes_from_the_youngest_that_nobody_works_on(room: Stockroom) -> None:
    """Trap 44: the orders that lost units are told."""
    mug = await room.item(units=3)
    old = await room.order(line(mug, 1))
    young = await room.order(line(mug, 1))
    youngest = await room.order(line(mug, 1))
    await room.hear(Ordered(youngest, 2, [line(mug, 1, claimed=1)]))
    await room.hear(Ordered(room.clock.new_id(), 1, [line(mug, 1, left={room.main: 1})]))

    assert await room.balance(mug) == Balance(on_hand=2, reserved=2)
    await room.serve()
    assert [(await room.demand(each)).state for each in (old, young, youngest)] == [
        State.RESERVED,
        State.SHORT,
        State.RESERVED,
    ]
    assert (await room.told(young))[-1].demand_short.short_lines[0].missing == 1
    assert (await room.kinds(mug))[-2:] == ["RELEASED", "SHIPPED_UNRESERVED"]
    await room.adjust(mug, 1)
    await room.serve()
    assert (await room.demand(young)).state is State.RESERVED
    await room.check_books()


async def test_units_that_nobody_reserved_are_an_alarm(room: Stockroom, log_lines: LogLines) -> None:
    mug = await room.item(units=3)
    await room.order(line(mug, 2))
    before = counted()
    parcel = room.clock.new_id()
    await room.hear(Ordered(parcel, 1, [line(mug, 5, left={room.main: 5})]))

    (alarm,) = log_lines.of("units left without being reserved")
    assert alarm["level"] == "error"
    facts = {name: alarm[name] for name in ("demand_id", "item_id", "units", "found", "taken_back")}
    assert facts == {"demand_id": str(parcel), "item_id": str(mug), "units": 5, "found": 2, "taken_back": 2}
    assert [after - then for after, then in zip(counted(), before, strict=True)] == [1, 2, 2]


async def test_what_is_rolled_back_alarms_nobody(room: Stockroom, log_lines: LogLines) -> None:
    """As a batch is whose other message cannot be applied, and a dry run."""
    mug = await room.item(units=1)
    before = counted()
    left = [Ordered(room.clock.new_id(), 1, [line(mug, 1, left={None: 1})])]
    with pytest.raises(ItemNotFound):
        await room.hear(*left, Ordered(room.clock.new_id(), 1, [line(room.clock.new_id(), 1)]))
    async with room.database.transaction(room.organization) as tx:
        with suppress(ZeroDivisionError):
            async with tx.transaction():
                await on_orders(room.clock, tx, [room.message(tx, event) for event in left])
                raise ZeroDivisionError

    assert (counted(), log_lines.of("units left without being reserved")) == (before, [])
    assert await room.kinds(mug) == ["ADJUSTED"]


def counted() -> list[float]:
    """Units that left unreserved since the process began, by what the books had of them."""
    name = "rappit_inventory_units_shipped_unreserved_total"
    return [REGISTRY.get_sample_value(name, {"from": each}) or 0.0 for each in ("available", "taken_back", "found")]
