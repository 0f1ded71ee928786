"""Say how many units of an item a warehouse holds back."""

from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.reservations.waiting.sql import insert_wakes
from inventory.stock import sql
from inventory.stock.find_level import find_level
from inventory.stock.level import Level
from inventory.stock.lock_levels import lock_levels


async def set_safety_stock(tx: Transaction, item_id: UUID, warehouse_id: UUID | None, units: int) -> Level:
    """The level with so many units held back from new reservations; what is reserved stays.

    Fewer is more to be had: under the level's lock, those who wait get word. Raises ItemNotFound, WarehouseNotFound.
    """
    level = await find_level(tx, item_id, warehouse_id, in_use=True)
    place = (level.item_id, level.warehouse_id)
    await lock_levels(tx, [place], missing=[place])
    await sql.update_safety_stock(tx, place, units)
    await insert_wakes(tx, {level.item_id: None})
    return await find_level(tx, *place, in_use=True)
