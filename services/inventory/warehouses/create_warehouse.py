"""Make a warehouse."""

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.errors import WarehouseCodeTaken
from inventory.warehouses import sql
from inventory.warehouses.known_organization import check_known
from inventory.warehouses.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class NewWarehouse:
    """A warehouse to be made. Stock is taken from lower priorities first."""

    code: str
    name: str
    priority: int


async def create_warehouse(tx: Transaction, clock: Clock, new: NewWarehouse) -> Warehouse:
    """Make it, open. Raises WarehouseCodeTaken, OrganizationNotKnown."""
    await check_known(tx)
    warehouse = Warehouse(
        id=clock.new_id(),
        code=new.code,
        name=new.name,
        is_default=False,
        open=True,
        priority=new.priority,
        create_time=clock.now(),
    )
    if not await sql.insert_warehouse(tx, warehouse):
        raise WarehouseCodeTaken(new.code)
    return warehouse
