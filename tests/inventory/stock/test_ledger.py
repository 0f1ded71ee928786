"""The ledger: nobody changes it, and what it says is what the levels are."""

from uuid import UUID, uuid4

import psycopg
import pytest

from inventory.stock.ledger import post
from inventory.stock.level import Balance, Kind, Movement
from inventory.stock.lock_levels import lock_levels
from tests.given.postgres import DatabaseOf
from tests.given.stock import PERSON, Stockroom, line

ONE_MORE_RESERVATION = """
    INSERT INTO reservations (organization_id, demand_id, line_id, item_id, warehouse_id, quantity, consumed, released)
    SELECT organization_id, demand_id, line_id, item_id, warehouse_id, 1, 0, 0 FROM reservations"""


def moved(item: UUID, warehouse: UUID, on_hand: int = 0, reserved: int = 0) -> Movement:
    return Movement(Kind.ADJUSTED, item, warehouse, PERSON, "test", on_hand=on_hand, reserved=reserved)


async def test_each_row_has_the_balance_that_it_left(room: Stockroom) -> None:
    mug, pot = await room.item(), await room.item()
    places = [(mug, room.main), (pot, room.main)]
    moves = [
        moved(mug, room.main, 5),
        moved(pot, room.main, 2),
        moved(mug, room.main, 0, 3),
        moved(mug, room.main, -1, -1),
    ]
    async with room.database.transaction(room.organization) as tx:
        await lock_levels(tx, places, places)
        await post(tx, room.clock, moves)
    rows = await room.rows("SELECT on_hand_after, reserved_after FROM ledger WHERE item_id = %s ORDER BY position", mug)

    assert rows == [(5, 0), (5, 3), (4, 2)]
    assert await room.balance(mug) == Balance(4, 2)
    assert await room.balance(pot) == Balance(2)


@pytest.mark.parametrize(("on_hand", "reserved"), [(-1, 0), (0, 3), (0, -1)])
async def test_the_database_refuses_to_promise_a_unit_twice(room: Stockroom, on_hand: int, reserved: int) -> None:
    """Promise 1, whoever asks: by mistake too."""
    mug = await room.item()

    async def promise_it() -> None:
        async with room.database.transaction(room.organization) as tx:
            await lock_levels(tx, [(mug, room.main)], [(mug, room.main)])
            await post(tx, room.clock, [moved(mug, room.main, on_hand, reserved)])

    with pytest.raises(psycopg.errors.CheckViolation):
        await promise_it()

    assert await room.balance(mug) == Balance()
    assert await room.kinds(mug) == []


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE levels SET reserved = on_hand + 1", "levels_no_unit_twice"),
        ("UPDATE levels SET damaged = 1", "levels_no_unit_twice"),
        ("UPDATE levels SET reserved = -1", "levels_reserved"),
        ("UPDATE levels SET damaged = -1", "levels_damaged"),
        ("UPDATE reservations SET released = quantity, consumed = 1", "reservations_end_once"),
        (ONE_MORE_RESERVATION, "reservations_one_active"),
    ],
)
async def test_whoever_writes_the_tables_by_hand_is_refused_by_them(
    room: Stockroom, statement: str, constraint: str
) -> None:
    """Promise 1."""
    mug = await room.item(units=2)
    await room.order(line(mug, 2))
    with pytest.raises(psycopg.errors.IntegrityError) as caught:
        await room.rows(statement)

    assert caught.value.diag.constraint_name == constraint


async def test_a_movement_of_a_level_that_is_not_there_is_an_error(room: Stockroom) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation):
        async with room.database.transaction(room.organization) as tx:
            await post(tx, room.clock, [moved(uuid4(), room.main, 1)])


@pytest.mark.parametrize("statement", ["UPDATE ledger SET note = 'better'", "DELETE FROM ledger", "TRUNCATE ledger"])
async def test_not_even_its_owner_changes_it(room: Stockroom, service_database: DatabaseOf, statement: str) -> None:
    """Promise 2."""
    mug = await room.item(units=1)
    async with await psycopg.AsyncConnection.connect(service_database("inventory").owner) as owner:
        with pytest.raises(psycopg.errors.RestrictViolation):
            await owner.execute(statement.encode())
    async with room.database.transaction(room.organization) as tx:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            async with tx.transaction():
                await tx.execute(statement.encode())

    assert await room.kinds(mug) == ["ADJUSTED"]
