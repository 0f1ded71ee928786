"""OpenWarehouse."""

from uuid import uuid4

from inventory.reservations.demand import State
from rappit.inventory.v1.warehouses_pb2 import CloseWarehouseRequest, OpenWarehouseRequest
from tests.given.refusals import refused
from tests.given.stock import Stockroom, line
from tests.inventory.conftest import Person


async def test_who_waits_for_its_stock_is_served(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    main = str(room.main)
    await person.call(person.warehouses.CloseWarehouse, CloseWarehouseRequest(warehouse_id=main))
    order = await room.order(line(mug, 2))
    assert (await room.demand(order)).state is State.SHORT
    opened = await person.call(person.warehouses.OpenWarehouse, OpenWarehouseRequest(warehouse_id=main))
    await room.serve()

    assert opened.warehouse.open
    assert (await room.demand(order)).state is State.RESERVED


async def test_opening_an_open_one_changes_nothing(person: Person, room: Stockroom) -> None:
    request = OpenWarehouseRequest(warehouse_id=str(room.main))

    assert (await person.call(person.warehouses.OpenWarehouse, request)).warehouse.open
    assert await room.rows("SELECT FROM wakes") == []


async def test_a_warehouse_that_is_not_there_or_not_ours_is_not_found(
    person: Person, stranger: Person, room: Stockroom
) -> None:
    """Trap 2."""
    await person.call(person.warehouses.CloseWarehouse, CloseWarehouseRequest(warehouse_id=str(room.main)))
    with refused("WAREHOUSE_NOT_FOUND"):
        await person.call(person.warehouses.OpenWarehouse, OpenWarehouseRequest(warehouse_id=str(uuid4())))
    with refused("WAREHOUSE_NOT_FOUND"):
        await stranger.call(stranger.warehouses.OpenWarehouse, OpenWarehouseRequest(warehouse_id=str(room.main)))

    assert not (await room.rows("SELECT open FROM warehouses"))[0].open
