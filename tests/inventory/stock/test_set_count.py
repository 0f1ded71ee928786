"""SetCount."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from inventory.reservations.demand import State
from inventory.stock.change_level import Change
from inventory.stock.level import Balance
from inventory.stock.set_count import set_count
from rappit.inventory.v1.facts_pb2 import SetCountRequest
from rappit.inventory.v1.level_pb2 import Level
from tests.given.locks import waits_for
from tests.given.refusals import refused
from tests.given.stock import PERSON, Ordered, Stockroom, line, want
from tests.inventory.conftest import Person


async def count(person: Person, item: UUID, counted: int, **fields: Any) -> Level:
    """Somebody counts."""
    request = SetCountRequest(item_id=str(item), counted=counted, **fields)
    level: Level = (await person.call(person.stock.SetCount, request)).level
    return level


async def test_a_count_differed(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=7)
    level = await count(person, mug, 5, note="shelf 3")

    assert (level.on_hand, level.available) == (5, 5)
    (_, row) = await room.rows("SELECT kind, on_hand_delta, cause, actor, note FROM ledger ORDER BY position")
    assert row == ("COUNTED", -2, "count", f"user:{person.user}", "shelf 3")
    await room.check_books()


async def test_a_count_below_what_is_held_is_recorded_and_the_orders_that_lost_units_are_told(
    person: Person, room: Stockroom
) -> None:
    """Trap 44: nobody's work is undone while there is another one, and the youngest loses first."""
    mug = await room.item(units=6)
    old, young, worked_on = [await room.order(line(mug, 2)) for _ in range(3)]
    await room.hear(Ordered(worked_on, 2, [line(mug, 2, claimed=2)]))
    level = await count(person, mug, 3)

    assert (level.on_hand, level.reserved, level.available) == (3, 3, 0)
    await room.serve()
    assert [(await room.demand(each)).state for each in (old, young, worked_on)] == [
        State.SHORT,
        State.SHORT,
        State.RESERVED,
    ]
    assert [(await room.told(each))[-1].demand_short.short_lines[0].missing for each in (old, young)] == [1, 2]
    causes = await room.rows("SELECT cause FROM ledger WHERE kind = 'RELEASED' ORDER BY position")
    assert {row.cause for row in causes} == {"count: taken back"}
    # The mugs turn up: the one who kept a mug waits as long as the other, and both are served.
    await count(person, mug, 6)
    await room.serve()
    assert [(await room.demand(each)).state for each in (old, young, worked_on)] == [State.RESERVED] * 3
    await room.check_books()


async def test_a_caller_s_reservation_loses_units_too(person: Person, room: Stockroom) -> None:
    """Trap 44."""
    mug = await room.item(units=2)
    checkout = room.clock.new_id()
    await room.wish(checkout, want(mug, 2))
    await count(person, mug, 0)
    await room.serve()

    assert (await room.demand(checkout)).state is State.SHORT
    assert await room.balance(mug) == Balance()


async def test_fewer_than_cannot_be_sold_are_counted(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    async with room.database.transaction(room.organization) as tx:
        await tx.execute("UPDATE levels SET damaged = 2, quarantined = 2")
    level = await count(person, mug, 3)

    assert (level.on_hand, level.damaged, level.quarantined) == (3, 2, 1)


async def test_a_cancel_that_meets_a_count_gives_nothing_back_twice(room: Stockroom) -> None:
    """Trap 24."""
    mug = await room.item(units=2)
    order = await room.order(line(mug, 2))
    async with room.database.transaction(room.organization) as tx:
        await set_count(tx, room.clock, Change(mug, None, PERSON, "count"), 1)
        cancelling = asyncio.create_task(room.hear(Ordered(order, 2, [line(mug, 2)], cancelled=True)))
        await waits_for(room.database, tx.info.backend_pid)
    await cancelling
    await room.serve()

    assert await room.kinds(mug) == ["ADJUSTED", "RESERVED", "RELEASED", "COUNTED", "RELEASED"]
    assert await room.balance(mug) == Balance(on_hand=1)
    assert (await room.demand(order)).state is State.CLOSED
    await room.check_books()


async def test_what_is_counted_serves_who_waits(person: Person, room: Stockroom) -> None:
    mug = await room.item()
    order = await room.order(line(mug, 2))
    await count(person, mug, 2)
    await room.serve()

    assert (await room.demand(order)).state is State.RESERVED


async def test_what_was_found_is_to_be_counted_and_then_is_not(person: Person, room: Stockroom) -> None:
    """Trap 44: units left that the books did not have."""
    mug = await room.item(units=1)
    await room.hear(Ordered(room.clock.new_id(), 1, [line(mug, 3, left={None: 3})]))
    (due,) = await room.rows("SELECT count_due FROM levels")
    level = await count(person, mug, 0)

    assert (due.count_due, level.count_due) == (True, False)


async def test_what_is_not_there_or_not_ours_is_not_found(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    mug = await room.item(units=5)
    with refused("ITEM_NOT_FOUND"):
        await count(stranger, mug, 1)
    with refused("WAREHOUSE_NOT_FOUND"):
        await count(person, mug, 1, warehouse_id=str(uuid4()))
    with refused("INVALID_REQUEST"):
        await count(person, mug, -1)

    assert await room.balance(mug) == Balance(on_hand=5)
