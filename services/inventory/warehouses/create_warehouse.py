"""Make a warehouse."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.errors import WarehouseCodeTaken
from inventory.reservations.waiting.sql import notice_those_who_wait_for_one
from inventory.warehouses import sql
from inventory.warehouses.known_organization import OrganizationNotKnown
from inventory.warehouses.warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class NewWarehouse:
    """A warehouse to be made. Stock is taken from lower priorities first."""

    code: str
    name: str
    priority: int
    address: Mapping[str, str] | None = None


async def create_warehouse(tx: Transaction, clock: Clock, new: NewWarehouse) -> Warehouse:
    """Make it, open. Waits for reservations in flight. Raises WarehouseCodeTaken, OrganizationNotKnown."""
    if not await sql.count_one_more(tx):
        raise OrganizationNotKnown
    warehouse = Warehouse(
        id=clock.new_id(),
        code=new.code,
        name=new.name,
        is_default=False,
        open=True,
        priority=new.priority,
        create_time=clock.now(),
        address=new.address,
    )
    if not await sql.insert_warehouse(tx, warehouse):
        raise WarehouseCodeTaken(new.code)
    await notice_those_who_wait_for_one(tx)
    return warehouse
