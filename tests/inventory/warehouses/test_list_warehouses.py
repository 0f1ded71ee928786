"""ListWarehouses."""

from rappit.inventory.v1.warehouses_pb2 import ListWarehousesRequest
from tests.given.stock import Stockroom
from tests.inventory.conftest import Person


async def test_warehouses_come_in_the_order_in_which_stock_is_taken(person: Person, room: Stockroom) -> None:
    for code, priority in (("ZED", 1), ("B", 100), ("FAR", 900)):
        await room.warehouse(code, priority)
    listed = (await person.call(person.warehouses.ListWarehouses, ListWarehousesRequest())).warehouses

    assert [(each.code, each.is_default) for each in listed] == [
        ("ZED", False),
        ("B", False),
        ("MAIN", True),
        ("FAR", False),
    ]


async def test_another_organizations_warehouses_are_not_listed(stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    await room.warehouse("FAR")
    listed = (await stranger.call(stranger.warehouses.ListWarehouses, ListWarehousesRequest())).warehouses

    assert [each.code for each in listed] == ["MAIN"]
