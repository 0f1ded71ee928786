"""Close a warehouse: nothing more is reserved there."""

from dataclasses import replace
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.errors import WarehouseNotFound
from inventory.reservations.waiting.sql import notice_those_who_wait_for_one
from inventory.warehouses import sql
from inventory.warehouses.warehouse import Warehouse


async def close_warehouse(tx: Transaction, warehouse_id: UUID) -> Warehouse:
    """Close it; what is reserved there stays. Waits for reservations in flight. Who waits for units there is tried at
    those that are open. Raises WarehouseNotFound.
    """
    warehouse = await sql.lock_warehouse(tx, warehouse_id)
    if warehouse is None:
        raise WarehouseNotFound(warehouse_id)
    if not warehouse.open:
        return warehouse
    await notice_those_who_wait_for_one(tx)
    return await sql.update_warehouse(tx, replace(warehouse, open=False))
