"""Change a warehouse's name, priority or address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.errors import ChangedMeanwhile
from inventory.errors import WarehouseNotFound
from inventory.warehouses import sql
from inventory.warehouses.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class WarehouseUpdate:
    """What is to change of a warehouse: None stays as it is. `etag`: of the one that they saw; empty for any."""

    warehouse_id: UUID
    etag: str = ""
    name: str | None = None
    priority: int | None = None
    address: Mapping[str, str] | None = None


async def update_warehouse(tx: Transaction, update: WarehouseUpdate) -> Warehouse:
    """The warehouse as it is now. Waits for reservations in flight. Raises WarehouseNotFound, ChangedMeanwhile."""
    warehouse = await sql.lock_warehouse(tx, update.warehouse_id)
    if warehouse is None:
        raise WarehouseNotFound(update.warehouse_id)
    if update.etag not in {"", warehouse.etag}:
        raise ChangedMeanwhile(warehouse.etag)
    changed = replace(
        warehouse,
        name=warehouse.name if update.name is None else update.name,
        priority=warehouse.priority if update.priority is None else update.priority,
        address=warehouse.address if update.address is None else update.address,
    )
    return warehouse if changed == warehouse else await sql.update_warehouse(tx, changed)
