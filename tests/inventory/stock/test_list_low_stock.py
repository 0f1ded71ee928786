"""ListLowStock."""

from uuid import UUID

from inventory.items.update_item import ItemUpdate, update_item
from inventory.warehouses.close_warehouse import close_warehouse
from rappit.inventory.v1.low_stock_pb2 import ListLowStockRequest
from tests.given.stock import Stockroom, line
from tests.inventory.conftest import Person


async def watch(room: Stockroom, item: UUID, reorder_point: int) -> None:
    async with room.database.transaction(room.organization) as tx:
        await update_item(tx, room.clock, ItemUpdate(item, reorder_point=reorder_point), "test")


async def low(person: Person) -> list[tuple[str, int]]:
    """SKUs of low items with what is available, over pages of one."""
    found, token = [], ""
    while True:
        request = ListLowStockRequest(page_size=1, page_token=token)
        answer = await person.call(person.stock.ListLowStock, request)
        found += [(item.sku, item.available) for item in answer.items]
        token = answer.next_page_token
        if not token:
            return found


async def test_what_is_at_its_reorder_point_is_low(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 27."""
    cup, mug, pot, pan = [await room.item(units=5, sku=sku) for sku in ("CUP", "MUG", "POT", "PAN")]
    for item, point in ((cup, 4), (mug, 5), (pot, 3)):
        await watch(room, item, point)
    far = await room.warehouse("FAR")
    await room.adjust(mug, 1, far)
    assert await low(person) == []
    # Reserved, in a closed warehouse, or nobody's concern.
    await room.order(line(pot, 3))
    async with room.database.transaction(room.organization) as tx:
        await close_warehouse(tx, far)
    await room.order(line(pan, 5))

    assert await low(person) == [("MUG", 5), ("POT", 2)]
    assert await low(stranger) == []
