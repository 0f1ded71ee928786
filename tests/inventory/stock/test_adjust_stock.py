"""AdjustStock."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from inventory.reservations.demand import State
from inventory.stock.level import Balance
from rappit.inventory.v1.level_pb2 import CONDITION_DAMAGED, WHEN_RESERVED_TAKE_BACK, Level
from rappit.inventory.v1.stock_pb2 import (
    ADJUSTMENT_REASON_LOST,
    ADJUSTMENT_REASON_RECEIVED,
    ADJUSTMENT_REASON_UNSPECIFIED,
    ADJUSTMENT_REASON_WRITTEN_OFF,
    AdjustStockRequest,
)
from tests.given.refusals import refused
from tests.given.stock import Stockroom, line
from tests.inventory.conftest import Person


async def adjust(person: Person, item: UUID, delta: int, key: str | None = None, **fields: Any) -> Level:
    """Units come, or go."""
    values: dict[str, Any] = {"reason": ADJUSTMENT_REASON_RECEIVED, **fields}
    request = AdjustStockRequest(item_id=str(item), delta=delta, **values)
    level: Level = (await person.call(person.stock.AdjustStock, request, key)).level
    return level


async def test_units_come_to_the_default_warehouse_and_the_ledger_says_why(person: Person, room: Stockroom) -> None:
    mug = await room.item(sku="MUG")
    level = await adjust(person, mug, 7, note="شحنة")

    assert (level.item_id, level.sku) == (str(mug), "MUG")
    assert (level.warehouse_id, level.warehouse_code) == (str(room.main), "MAIN")
    assert (level.on_hand, level.reserved, level.damaged, level.available) == (7, 0, 0, 7)
    (row,) = await room.rows("SELECT kind, on_hand_delta, on_hand_after, cause, actor, note, demand_id FROM ledger")
    assert row == ("ADJUSTED", 7, 7, "RECEIVED", f"user:{person.user}", "شحنة", None)


async def test_units_come_to_the_warehouse_that_is_named(person: Person, room: Stockroom) -> None:
    mug = await room.item()
    far = await room.warehouse("FAR")
    level = await adjust(person, mug, 7, warehouse_id=str(far))

    assert (level.warehouse_code, level.on_hand) == ("FAR", 7)
    assert await room.balance(mug) == Balance()


async def test_what_is_reserved_stays_on_hand(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    await room.order(line(mug, 4))
    with refused("ADJUSTMENT_BELOW_RESERVED") as caught:
        await adjust(person, mug, -2, reason=ADJUSTMENT_REASON_LOST)
    assert caught.error.facts == {"on_hand": "5", "reserved": "4", "damaged": "0", "quarantined": "0"}
    level = await adjust(person, mug, -1, reason=ADJUSTMENT_REASON_LOST)

    assert (level.on_hand, level.reserved, level.available) == (4, 4, 0)
    await room.check_books()


async def test_units_that_are_gone_are_taken_back_where_the_person_says_so(person: Person, room: Stockroom) -> None:
    """Trap 44."""
    mug = await room.item(units=5)
    old, young = await room.order(line(mug, 2)), await room.order(line(mug, 2))
    level = await adjust(person, mug, -2, reason=ADJUSTMENT_REASON_LOST, when_reserved=WHEN_RESERVED_TAKE_BACK)

    assert (level.on_hand, level.reserved, level.available) == (3, 3, 0)
    await room.serve()
    assert [(await room.demand(each)).state for each in (old, young)] == [State.RESERVED, State.SHORT]
    with refused("ADJUSTMENT_BELOW_RESERVED"):
        await adjust(person, mug, -4, reason=ADJUSTMENT_REASON_LOST, when_reserved=WHEN_RESERVED_TAKE_BACK)
    await room.check_books()


async def test_the_demands_that_are_named_lose_the_units(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=4)
    old, young = await room.order(line(mug, 2)), await room.order(line(mug, 2))
    named: dict[str, Any] = {"when_reserved": WHEN_RESERVED_TAKE_BACK, "demand_ids": [str(old)]}
    with refused("ADJUSTMENT_BELOW_RESERVED"):
        await adjust(person, mug, -3, reason=ADJUSTMENT_REASON_LOST, **named)
    await adjust(person, mug, -2, reason=ADJUSTMENT_REASON_LOST, **named)
    await room.serve()

    assert [(await room.demand(each)).state for each in (old, young)] == [State.SHORT, State.RESERVED]
    await room.check_books()


async def test_damaged_units_are_written_off(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=4)
    await adjust(person, mug, 3, condition=CONDITION_DAMAGED)
    level = await adjust(person, mug, -2, condition=CONDITION_DAMAGED, reason=ADJUSTMENT_REASON_WRITTEN_OFF)
    with refused("CONDITION_HAS_FEWER"):
        await adjust(person, mug, -2, condition=CONDITION_DAMAGED)

    assert (level.on_hand, level.damaged, level.available) == (5, 1, 4)
    await room.check_books()


async def test_stock_that_comes_serves_the_orders_that_wait(person: Person, room: Stockroom) -> None:
    mug = await room.item()
    order = await room.order(line(mug, 2))
    await adjust(person, mug, 2)
    await room.serve()

    assert (await room.demand(order)).state is State.RESERVED


async def test_one_key_adjusts_once(person: Person, room: Stockroom) -> None:
    mug = await room.item()
    key = str(uuid4())
    first = await adjust(person, mug, 3, key)

    assert await adjust(person, mug, 3, key) == first
    assert await room.balance(mug) == Balance(on_hand=3)


async def test_forty_at_once_are_all_counted(person: Person, room: Stockroom) -> None:
    mug = await room.item()
    await asyncio.gather(*(adjust(person, mug, units) for units in range(1, 41)))

    assert await room.balance(mug) == Balance(on_hand=820)
    await room.check_books()


@pytest.mark.parametrize(
    ("delta", "reason"),
    [(0, ADJUSTMENT_REASON_RECEIVED), (1, ADJUSTMENT_REASON_UNSPECIFIED), (10_000_001, ADJUSTMENT_REASON_RECEIVED)],
)
async def test_an_adjustment_that_says_nothing_is_refused(
    person: Person, room: Stockroom, delta: int, reason: int
) -> None:
    mug = await room.item()
    with refused("INVALID_REQUEST"):
        await adjust(person, mug, delta, reason=reason)


async def test_what_is_not_there_or_not_ours_is_not_found(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    mug = await room.item(units=5)
    with refused("ITEM_NOT_FOUND"):
        await adjust(person, uuid4(), 1)
    with refused("WAREHOUSE_NOT_FOUND"):
        await adjust(person, mug, 1, warehouse_id=str(uuid4()))
    with refused("ITEM_NOT_FOUND") as foreign:
        await adjust(stranger, mug, 1)

    assert foreign.error.facts == {"item_id": str(mug)}
    assert await room.balance(mug) == Balance(on_hand=5)
