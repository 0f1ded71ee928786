"""Open a warehouse that was closed, or archived."""

from dataclasses import replace
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.errors import WarehouseNotFound
from inventory.reservations.waiting.sql import notice_those_who_wait_for_one, wake_for_warehouse
from inventory.warehouses import sql
from inventory.warehouses.warehouse import Warehouse


async def open_warehouse(tx: Transaction, warehouse_id: UUID) -> Warehouse:
    """Open it, and leave word for those who wait for what it has. Raises WarehouseNotFound."""
    warehouse = await sql.lock_warehouse(tx, warehouse_id)
    if warehouse is None:
        raise WarehouseNotFound(warehouse_id)
    if warehouse.open:
        return warehouse
    await wake_for_warehouse(tx, warehouse_id)
    await notice_those_who_wait_for_one(tx)
    return await sql.update_warehouse(tx, replace(warehouse, open=True, archived=False))
