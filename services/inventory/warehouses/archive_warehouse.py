"""Put a warehouse away that nobody will use."""

from dataclasses import replace
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.errors import WarehouseInUse, WarehouseIsDefault, WarehouseNotFound
from inventory.warehouses import sql
from inventory.warehouses.warehouse import Warehouse


async def archive_warehouse(tx: Transaction, warehouse_id: UUID) -> Warehouse:
    """Archive it; one that is archived stays so. Whoever is bringing units there is waited for.

    Raises WarehouseNotFound, WarehouseIsDefault, WarehouseInUse.
    """
    warehouse = await sql.lock_warehouse(tx, warehouse_id, alone=True)
    if warehouse is None:
        raise WarehouseNotFound(warehouse_id)
    if warehouse.archived:
        return warehouse
    if warehouse.is_default:
        raise WarehouseIsDefault(warehouse_id)
    on_hand = await sql.lock_stock_of(tx, warehouse_id)
    if warehouse.open or on_hand:
        raise WarehouseInUse(warehouse_id, is_open=warehouse.open, on_hand=on_hand)
    return await sql.update_warehouse(tx, replace(warehouse, archived=True))
