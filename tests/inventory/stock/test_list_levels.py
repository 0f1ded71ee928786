"""ListLevels."""

from datetime import UTC, timedelta
from typing import Any

from chassis.timestamps import timestamp
from inventory.stock.list_levels import list_levels
from rappit.inventory.v1.level_pb2 import Level
from rappit.inventory.v1.stock_pb2 import ListLevelsRequest
from tests.given.refusals import refused
from tests.given.statements import statements
from tests.given.stock import Ordered, Stockroom, line
from tests.inventory.conftest import Person


async def every_level(person: Person, **fields: Any) -> list[Level]:
    """All pages."""
    found: list[Level] = []
    token = ""
    while True:
        page = await person.call(person.stock.ListLevels, ListLevelsRequest(page_token=token, **fields))
        found += page.levels
        token = page.next_page_token
        if not token:
            return found


async def test_levels_come_by_sku_and_warehouse_page_by_page(person: Person, room: Stockroom) -> None:
    """Trap 27."""
    far = await room.warehouse("FAR")
    for sku in ("B", "A", "C"):
        item = await room.item(units=1, sku=sku)
        await room.adjust(item, 2, far)
    levels = await every_level(person, page_size=2)

    assert [(level.sku, level.warehouse_code, level.on_hand) for level in levels] == [
        (sku, code, units) for sku in ("A", "B", "C") for code, units in (("FAR", 2), ("MAIN", 1))
    ]


async def test_levels_of_one_item_or_one_warehouse(person: Person, room: Stockroom) -> None:
    far = await room.warehouse("FAR")
    mug, pot = await room.item(units=1, sku="MUG"), await room.item(units=3, sku="POT")
    await room.adjust(mug, 2, far)
    await room.order(line(pot, 2))

    assert [level.warehouse_code for level in await every_level(person, item_id=str(mug))] == ["FAR", "MAIN"]
    assert [level.sku for level in await every_level(person, warehouse_id=str(room.main))] == ["MUG", "POT"]
    (only,) = await every_level(person, item_id=str(pot), warehouse_id=str(room.main))
    assert (only.on_hand, only.reserved, only.damaged, only.available) == (3, 2, 0, 1)


async def test_levels_that_are_to_be_counted(person: Person, room: Stockroom) -> None:
    """Trap 44: somebody finds what units the books did not have."""
    await room.item(units=1, sku="CUP")
    mug = await room.item(units=1, sku="MUG")
    await room.hear(Ordered(room.clock.new_id(), 1, [line(mug, 2, left={None: 2})]))

    assert [level.sku for level in await every_level(person, count_due=True)] == ["MUG"]


async def test_levels_as_they_were_page_by_page(person: Person, room: Stockroom) -> None:
    """Trap 27. What had not moved then is not there; a page costs one statement, however many levels it has."""
    far = await room.warehouse("FAR")
    pot, mug = await room.item(units=5, sku="POT"), await room.item(units=7, sku="MUG")
    await room.order(line(pot, 2))
    then = room.clock.now()
    await room.adjust(mug, -3)
    await room.adjust(mug, 9, far)
    order = await room.order(line(pot, 3))
    await room.hear(Ordered(order, 2, [line(pot, 3, left={None: 3})]))
    await room.item(units=1, sku="CUP")

    found = await every_level(person, page_size=1, as_of=timestamp(then))
    assert [(level.sku, level.warehouse_code, level.on_hand, level.reserved, level.available) for level in found] == [
        ("MUG", "MAIN", 7, 0, 7),
        ("POT", "MAIN", 5, 2, 3),
    ]
    assert all(level.update_time.ToDatetime(UTC) <= then for level in found)
    (now,) = await every_level(person, item_id=str(pot), as_of=timestamp(room.clock.now()))
    assert (now.on_hand, now.reserved) == (2, 2)
    with statements() as seen:
        async with room.database.transaction(room.organization) as tx:
            assert len(await list_levels(tx, as_of=then, limit=50)) == 2
    assert sum("LATERAL" in each for each in seen) == 1


async def test_of_the_future_and_of_counts_that_were_due_nothing_is_known(person: Person, room: Stockroom) -> None:
    soon = timestamp(room.clock.now() + timedelta(minutes=1))
    for fields in ({"as_of": soon}, {"as_of": timestamp(room.clock.now()), "count_due": True}):
        with refused("INVALID_REQUEST"):
            await every_level(person, **fields)


async def test_a_token_of_another_list_is_refused(person: Person, room: Stockroom) -> None:
    for _ in range(2):
        await room.item(units=1)
    page = await person.call(person.stock.ListLevels, ListLevelsRequest(page_size=1))
    with refused("PAGE_TOKEN_INVALID"):
        await person.call(
            person.stock.ListLevels,
            ListLevelsRequest(page_token=page.next_page_token, warehouse_id=str(room.main)),
        )


async def test_another_organizations_levels_are_not_listed(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    mug = await room.item(units=1)

    assert len(await every_level(person)) == 1
    assert await every_level(stranger) == []
    assert await every_level(stranger, item_id=str(mug)) == []
