"""UpdateWarehouse."""

from typing import Any
from uuid import UUID, uuid4

from rappit.inventory.v1.warehouses_pb2 import ListWarehousesRequest, UpdateWarehouseRequest, Warehouse
from rappit.types.v1.address_pb2 import Address
from tests.given.refusals import refused
from tests.given.stock import Stockroom, line
from tests.inventory.conftest import Person


async def update(person: Person, warehouse: UUID, **fields: Any) -> Warehouse:
    """Somebody changes a warehouse."""
    request = UpdateWarehouseRequest(warehouse_id=str(warehouse), **fields)
    changed: Warehouse = (await person.call(person.warehouses.UpdateWarehouse, request)).warehouse
    return changed


async def test_stock_is_taken_by_the_new_priority(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    far = await room.warehouse("FAR", priority=200)
    await room.adjust(mug, 5, far)
    changed = await update(person, far, priority=0)
    order = await room.order(line(mug, 1))

    assert (changed.priority, changed.name, changed.etag) == (0, "Far", "2")
    assert (await room.demand(order)).lines[0].reserved_at[0].warehouse_id == far
    listed = (await person.call(person.warehouses.ListWarehouses, ListWarehousesRequest())).warehouses
    assert [each.code for each in listed] == ["FAR", "MAIN"]


async def test_where_it_is_changes_in_whole(person: Person, room: Stockroom) -> None:
    address = Address(name="Huda", line1="7890 King Fahd Rd", city="الرياض", country_code="SA", phone="+966500000000")
    assert (await update(person, room.main, address=address)).address == address
    named = await update(person, room.main, name="Riyadh")
    moved = await update(person, room.main, address=Address(city="Jeddah"))

    assert (named.address, moved.address, moved.etag) == (address, Address(city="Jeddah"), "4")
    with refused("INVALID_REQUEST") as caught:
        await update(person, room.main, address=Address(line2="x" * 201))
    assert caught.error.violations[0].field == "address.line2"


async def test_whoever_saw_an_older_one_is_told_so(person: Person, room: Stockroom) -> None:
    await update(person, room.main, name="الرياض", etag="1")
    with refused("CHANGED_MEANWHILE") as caught:
        await update(person, room.main, name="Riyadh", etag="1")
    same = await update(person, room.main, name="الرياض")

    assert (caught.error.facts, same.etag) == ({"etag": "2"}, "2")


async def test_what_is_not_ours_is_not_found(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    with refused("WAREHOUSE_NOT_FOUND"):
        await update(stranger, room.main, name="Mine")
    with refused("WAREHOUSE_NOT_FOUND"):
        await update(person, uuid4(), name="Nobody's")
    with refused("INVALID_REQUEST"):
        await update(person, room.main, priority=1001)
