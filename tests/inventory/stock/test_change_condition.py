"""ChangeCondition."""

from typing import Any
from uuid import UUID

from inventory.reservations.demand import State
from inventory.stock.level import Balance
from rappit.inventory.v1.facts_pb2 import ChangeConditionRequest
from rappit.inventory.v1.level_pb2 import CONDITION_DAMAGED, CONDITION_QUARANTINED, CONDITION_SELLABLE, Condition, Level
from tests.given.refusals import refused
from tests.given.stock import Stockroom, line
from tests.inventory.conftest import Person

SELLABLE, DAMAGED, QUARANTINED = CONDITION_SELLABLE, CONDITION_DAMAGED, CONDITION_QUARANTINED


async def change(
    person: Person,
    item: UUID,
    quantity: int,
    source: Condition.ValueType,
    target: Condition.ValueType,
    **fields: Any,
) -> Level:
    """Units turn out to be in another condition."""
    request = ChangeConditionRequest(
        item_id=str(item), quantity=quantity, from_condition=source, to_condition=target, **fields
    )
    level: Level = (await person.call(person.stock.ChangeCondition, request)).level
    return level


async def test_units_are_damaged_put_in_quarantine_and_sold_again(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=9)
    await change(person, mug, 4, SELLABLE, DAMAGED, note="wet")
    await change(person, mug, 3, DAMAGED, QUARANTINED)
    level = await change(person, mug, 1, QUARANTINED, SELLABLE)

    assert (level.on_hand, level.damaged, level.quarantined, level.available) == (9, 1, 2, 6)
    rows = await room.rows(
        "SELECT kind, damaged_delta, quarantined_delta, cause, note FROM ledger ORDER BY position OFFSET 1"
    )
    assert rows == [
        ("CONDITION_CHANGED", 4, 0, "SELLABLE to DAMAGED", "wet"),
        ("CONDITION_CHANGED", -3, 3, "DAMAGED to QUARANTINED", ""),
        ("CONDITION_CHANGED", 0, -1, "QUARANTINED to SELLABLE", ""),
    ]
    await room.check_books()


async def test_damage_to_held_units_is_recorded_and_the_order_is_told(person: Person, room: Stockroom) -> None:
    """Trap 44."""
    mug = await room.item(units=3)
    order = await room.order(line(mug, 3))
    level = await change(person, mug, 2, SELLABLE, DAMAGED)

    assert (level.on_hand, level.reserved, level.damaged) == (3, 1, 2)
    await room.serve()
    assert (await room.told(order))[-1].demand_short.short_lines[0].missing == 2
    # Repaired: the order has them again.
    await change(person, mug, 2, DAMAGED, SELLABLE)
    await room.serve()
    assert (await room.demand(order)).state is State.RESERVED
    await room.check_books()


async def test_an_order_that_lost_units_is_served_from_elsewhere(person: Person, room: Stockroom) -> None:
    """Trap 44."""
    mug = await room.item(units=2)
    far = await room.warehouse("FAR")
    await room.adjust(mug, 2, far)
    order = await room.order(line(mug, 2))
    await change(person, mug, 2, SELLABLE, QUARANTINED)
    await room.serve()

    assert (await room.demand(order)).lines[0].reserved_at[0][0] == far
    assert len(await room.told(order)) == 2


async def test_more_damaged_than_the_books_have_are_found_first(person: Person, room: Stockroom) -> None:
    """Trap 44."""
    mug = await room.item(units=1)
    level = await change(person, mug, 3, SELLABLE, DAMAGED)

    assert (level.on_hand, level.damaged, level.count_due) == (3, 3, True)
    assert await room.kinds(mug) == ["ADJUSTED", "FOUND", "CONDITION_CHANGED"]
    await room.check_books()


async def test_no_more_are_sold_again_than_were_damaged(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    await change(person, mug, 2, SELLABLE, DAMAGED)
    with refused("CONDITION_HAS_FEWER") as caught:
        await change(person, mug, 3, DAMAGED, SELLABLE)

    assert caught.error.facts == {"condition": "DAMAGED", "units": "2"}
    assert await room.balance(mug) == Balance(on_hand=5, damaged=2)


async def test_what_is_not_ours_is_not_found(stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    mug = await room.item(units=5)
    with refused("ITEM_NOT_FOUND"):
        await change(stranger, mug, 1, SELLABLE, DAMAGED)

    assert await room.balance(mug) == Balance(on_hand=5)
