"""ForceReleaseStock."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from inventory.reservations.demand import ShortReason, State
from inventory.stock.level import Balance
from rappit.inventory.v1.events_pb2 import SHORT_REASON_RELEASED_BY_FORCE
from rappit.inventory.v1.forced_release_pb2 import ForceReleaseStockRequest, ForceReleaseStockResponse
from tests.given.refusals import refused
from tests.given.stock import Ordered, Stockroom, line, want
from tests.inventory.conftest import Person


async def release(person: Person, **fields: Any) -> ForceReleaseStockResponse:
    """Somebody takes units by force."""
    request = ForceReleaseStockRequest(**{"reason": "needed in the shop", **fields})
    released: ForceReleaseStockResponse = await person.call(person.reservations.ForceReleaseStock, request)
    return released


async def test_an_order_that_lost_its_units_is_short_is_told_why_and_takes_them_not_back(
    person: Person, room: Stockroom
) -> None:
    mug = await room.item(units=2)
    order = await room.order(line(mug, 2))
    (released,) = (await release(person, demand_id=str(order))).released

    assert (released.demand_id, released.item_id, released.quantity) == (str(order), str(mug), 2)
    (short,) = (await room.told(order))[-1].demand_short.short_lines
    assert (short.missing, short.reason) == (2, SHORT_REASON_RELEASED_BY_FORCE)
    (row,) = await room.rows("SELECT cause, actor FROM ledger WHERE kind = 'RELEASED'")
    assert row.cause == f"order {order} version 1: released by force: needed in the shop"
    assert row.actor == f"user:{person.user}"
    # It does not wait: neither new stock nor the same event gives it anything; its next version does.
    await room.adjust(mug, 1)
    await room.serve()
    await room.hear(Ordered(order, 1, [line(mug, 2)]))
    assert (await room.demand(order)).short_lines[0].reason is ShortReason.RELEASED_BY_FORCE
    assert await room.balance(mug) == Balance(on_hand=3)
    await room.hear(Ordered(order, 2, [line(mug, 2)]))
    assert (await room.demand(order)).state is State.RESERVED
    await room.check_books()


async def test_whoever_waits_has_what_was_released(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=1)
    holds, waits = await room.order(line(mug, 1)), await room.order(line(mug, 1))
    await release(person, demand_id=str(holds))
    await room.serve()

    assert [(await room.demand(each)).state for each in (holds, waits)] == [State.SHORT, State.RESERVED]
    await room.check_books()


async def test_a_callers_demand_is_closed(person: Person, room: Stockroom) -> None:
    mug, pot = await room.item(units=1), await room.item(units=1)
    checkout = uuid4()
    await room.wish(checkout, want(mug, 1))
    released = (await release(person, item_id=str(mug))).released
    await release(person, demand_id=str(checkout))

    assert len(released) == 1
    assert (await room.demand(checkout)).state is State.CLOSED
    assert [event.WhichOneof("event") for event in await room.told(checkout)] == ["demand_reserved", "demand_closed"]
    assert await room.balance(pot) == Balance(on_hand=1)


async def test_units_of_an_item_are_released_and_the_order_keeps_the_rest(person: Person, room: Stockroom) -> None:
    mug, pot = await room.item(units=5), await room.item(units=5)
    orders = [await room.order(line(mug, 1, "mug"), line(pot, 1, "pot")) for _ in range(2)]
    released = (await release(person, item_id=str(pot))).released

    assert [(each.demand_id, each.item_id) for each in released] == [(str(order), str(pot)) for order in orders]
    for order in orders:
        assert [each.reserved for each in (await room.demand(order)).lines] == [1, 0]
    assert await room.balance(pot) == Balance(on_hand=5)
    await room.check_books()


async def test_what_left_stays_left_and_a_cancel_closes(person: Person, room: Stockroom) -> None:
    """Trap 22."""
    mug = await room.item(units=3)
    order = await room.order(line(mug, 3))
    await room.hear(Ordered(order, 2, [line(mug, 3, left={room.main: 1})]))
    await release(person, demand_id=str(order))
    await room.hear(Ordered(order, 3, [line(mug, 3, left={room.main: 1})], cancelled=True))

    assert (await room.demand(order)).state is State.CLOSED
    assert await room.balance(mug) == Balance(on_hand=2)
    await room.check_books()


async def test_a_dry_run_shows_what_the_sweep_would_release(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=9)
    old, young = [await room.order(line(mug, 2)) for _ in range(2)]
    await room.rows("UPDATE demands SET create_time = create_time - interval '3 days' WHERE id = %s RETURNING id", old)
    three_days = timedelta(days=3)
    shown = await release(person, min_age=three_days, dry_run=True)
    assert await room.balance(mug) == Balance(on_hand=9, reserved=4)
    released = await release(person, min_age=three_days)

    assert shown == released
    assert [each.demand_id for each in released.released] == [str(old)]
    assert [(await room.demand(each)).state for each in (old, young)] == [State.SHORT, State.RESERVED]


async def test_more_than_one_call_takes_are_left_for_the_next(
    person: Person, room: Stockroom, monkeypatch: Any
) -> None:
    """Trap 27."""
    monkeypatch.setattr("inventory.reservations.batch.MOST_LINES", 2)
    mug = await room.item(units=9)
    for _ in range(3):
        await room.order(line(mug, 1))
    first, second = await release(person, item_id=str(mug)), await release(person, item_id=str(mug))

    assert [(len(each.released), each.more) for each in (first, second)] == [(2, True), (1, False)]


async def test_nobody_releases_everything_or_what_is_not_theirs(
    person: Person, stranger: Person, room: Stockroom
) -> None:
    """Trap 2."""
    mug = await room.item(units=1)
    order = await room.order(line(mug, 1))
    with refused("RELEASE_NAMES_NOTHING"):
        await release(person)
    with refused("INVALID_REQUEST"):
        await release(person, demand_id=str(order), reason="")
    with refused("DEMAND_NOT_FOUND"):
        await release(stranger, demand_id=str(order))
    with refused("ITEM_NOT_FOUND"):
        await release(stranger, item_id=str(mug))
    assert await release(stranger, min_age=timedelta(0)) == ForceReleaseStockResponse()

    assert await room.balance(mug) == Balance(on_hand=1, reserved=1)
