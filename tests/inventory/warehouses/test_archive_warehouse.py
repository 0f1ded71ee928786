"""ArchiveWarehouse."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from inventory.stock.adjust_stock import adjust_stock
from inventory.stock.change_level import Change
from inventory.stock.level import Balance
from inventory.warehouses.archive_warehouse import archive_warehouse
from rappit.inventory.v1.facts_pb2 import ChangeConditionRequest, SetCountRequest
from rappit.inventory.v1.level_pb2 import CONDITION_DAMAGED, CONDITION_SELLABLE, MOVEMENT_KIND_ADJUSTED
from rappit.inventory.v1.stock_pb2 import ADJUSTMENT_REASON_FOUND, AdjustStockRequest, ExplainLevelRequest
from rappit.inventory.v1.warehouses_pb2 import (
    ArchiveWarehouseRequest,
    CloseWarehouseRequest,
    ListWarehousesRequest,
    OpenWarehouseRequest,
    Warehouse,
)
from tests.given.locks import waits_for
from tests.given.refusals import refused
from tests.given.stock import PERSON, Ordered, Stockroom, line
from tests.inventory.conftest import Person


async def archive(person: Person, warehouse: UUID) -> Warehouse:
    request = ArchiveWarehouseRequest(warehouse_id=str(warehouse))
    archived: Warehouse = (await person.call(person.warehouses.ArchiveWarehouse, request)).warehouse
    return archived


async def close(person: Person, warehouse: UUID) -> None:
    await person.call(person.warehouses.CloseWarehouse, CloseWarehouseRequest(warehouse_id=str(warehouse)))


async def codes(person: Person, **fields: Any) -> list[str]:
    listed = await person.call(person.warehouses.ListWarehouses, ListWarehousesRequest(**fields))
    return [each.code for each in listed.warehouses]


async def test_one_that_is_closed_and_empty_is_put_away_until_it_is_opened(person: Person, room: Stockroom) -> None:
    mug, far = await room.item(), await room.warehouse("FAR")
    await room.adjust(mug, 2, far)
    with refused("WAREHOUSE_IN_USE") as caught:
        await archive(person, far)
    assert caught.error.facts == {"warehouse_id": str(far), "open": "True", "on_hand": "2"}
    await close(person, far)
    with refused("WAREHOUSE_IN_USE"):
        await archive(person, far)
    await room.adjust(mug, -2, far)
    archived = await archive(person, far)

    assert (archived.archived, archived.open) == (True, False)
    assert await archive(person, far) == archived
    assert (await codes(person), await codes(person, with_archived=True)) == (["MAIN"], ["MAIN", "FAR"])
    # Nothing is put there; what was there is explained all the same.
    found: dict[str, Any] = {"item_id": str(mug), "warehouse_id": str(far)}
    with refused("WAREHOUSE_NOT_FOUND"):
        adjust = AdjustStockRequest(**found, delta=1, reason=ADJUSTMENT_REASON_FOUND)
        await person.call(person.stock.AdjustStock, adjust)
    explained = await person.call(person.stock.ExplainLevel, ExplainLevelRequest(**found))
    assert [entry.kind for entry in explained.entries] == [MOVEMENT_KIND_ADJUSTED] * 2
    opened = await person.call(person.warehouses.OpenWarehouse, OpenWarehouseRequest(warehouse_id=str(far)))
    assert (opened.warehouse.archived, opened.warehouse.open) == (False, True)
    assert await room.adjust(mug, 1, far) == Balance(on_hand=1)


async def test_units_that_come_back_to_one_that_is_put_away_are_listed_and_counted(
    person: Person, room: Stockroom
) -> None:
    far = await room.warehouse("FAR")
    mug = await room.item(units=3, warehouse=far)
    order = await room.order(line(mug, 3))
    await room.hear(Ordered(order, 2, [line(mug, 3, left={None: 3})]))
    await close(person, far)
    await archive(person, far)
    assert await codes(person) == ["MAIN"]
    await room.hear(Ordered(order, 3, [line(mug, 3)], cancelled=True))
    assert await room.balance(mug, far) == Balance(on_hand=3)
    assert await codes(person) == ["MAIN", "FAR"]
    # A fact is never refused: one is broken, one is found, and then none are there.
    found: dict[str, Any] = {"item_id": str(mug), "warehouse_id": str(far)}
    broken = ChangeConditionRequest(
        **found, from_condition=CONDITION_SELLABLE, to_condition=CONDITION_DAMAGED, quantity=1
    )
    await person.call(person.stock.ChangeCondition, broken)
    assert await room.adjust(mug, 1, far) == Balance(on_hand=4, damaged=1)
    counted = await person.call(person.stock.SetCount, SetCountRequest(**found, counted=0))

    assert counted.level.on_hand == 0
    assert await codes(person) == ["MAIN"]
    with refused("WAREHOUSE_NOT_FOUND"):
        await person.call(person.stock.SetCount, SetCountRequest(**found, counted=1))
    await room.check_books()


async def test_units_that_are_being_brought_are_waited_for(person: Person, room: Stockroom) -> None:
    mug, far = await room.item(), await room.warehouse("FAR")
    await close(person, far)
    async with room.database.transaction(room.organization) as tx:
        await adjust_stock(tx, room.clock, Change(mug, far, PERSON, "FOUND"), 1)
        archiving = asyncio.create_task(archive(person, far))
        await waits_for(room.database, tx.info.backend_pid)
    with refused("WAREHOUSE_IN_USE"):
        await archiving


async def test_whoever_brings_units_while_it_is_put_away_is_refused(person: Person, room: Stockroom) -> None:
    mug, far = await room.item(), await room.warehouse("FAR")
    await close(person, far)
    request = AdjustStockRequest(item_id=str(mug), warehouse_id=str(far), delta=1, reason=ADJUSTMENT_REASON_FOUND)
    async with room.database.transaction(room.organization) as tx:
        await archive_warehouse(tx, far)
        bringing = asyncio.create_task(person.call(person.stock.AdjustStock, request))
        await waits_for(room.database, tx.info.backend_pid)
    with refused("WAREHOUSE_NOT_FOUND"):
        await bringing

    assert await room.balance(mug, far) == Balance()


async def test_the_default_one_and_what_is_not_ours_stay(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    await close(person, room.main)
    with refused("WAREHOUSE_IS_DEFAULT"):
        await archive(person, room.main)
    far = await room.warehouse("FAR")
    await close(person, far)
    with refused("WAREHOUSE_NOT_FOUND"):
        await archive(stranger, far)
    with refused("WAREHOUSE_NOT_FOUND"):
        await archive(person, uuid4())

    assert await codes(person) == ["MAIN", "FAR"]
