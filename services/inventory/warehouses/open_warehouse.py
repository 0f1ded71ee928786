"""Open a warehouse that was closed."""

from dataclasses import replace
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.errors import WarehouseNotFound
from inventory.reservations.waiting.sql import wake_for_warehouse
from inventory.warehouses import sql
from inventory.warehouses.warehouse import Warehouse


async def open_warehouse(tx: Transaction, warehouse_id: UUID) -> Warehouse:
    """Open it, and leave word for those who wait for what it has. Raises WarehouseNotFound."""
    warehouse = await sql.lock_warehouse(tx, warehouse_id)
    if warehouse is None:
        raise WarehouseNotFound(warehouse_id)
    if not warehouse.open:
        await sql.set_open(tx, warehouse_id, is_open=True)
        await wake_for_warehouse(tx, warehouse_id)
    return replace(warehouse, open=True)
