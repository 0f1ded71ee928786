"""Find a level of an item and a warehouse that exist."""

from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.errors import WarehouseNotFound
from inventory.items.get_item import get_item
from inventory.stock import sql
from inventory.stock.level import Level
from inventory.warehouses.known_organization import named_or_default


async def find_level(tx: Transaction, item_id: UUID, warehouse_id: UUID | None, *, in_use: bool = False) -> Level:
    """The level, in the default warehouse where none is named; all zero when nothing ever moved.

    `in_use`: an archived warehouse is not found, unless units of the item are there: they came back.

    Raises ItemNotFound, WarehouseNotFound, OrganizationNotKnown.
    """
    place = await named_or_default(tx, warehouse_id)
    level = await sql.select_level(tx, item_id, place, in_use=in_use)
    if level is None:
        await get_item(tx, item_id)
        raise WarehouseNotFound(place)
    return level
