"""Show a demand with what is reserved for it."""

from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.errors import DemandNotFound
from inventory.reservations.demand import Status, status_of
from inventory.reservations.sql import select_demand, select_reservations
from inventory.reservations.waiting.sql import select_waiting
from inventory.warehouses.sql import select_warehouses


async def get_demand(tx: Transaction, demand_id: UUID) -> Status:
    """The demand, whoever owns it. Raises DemandNotFound."""
    demand = await select_demand(tx, demand_id)
    if demand is None:
        raise DemandNotFound(demand_id)
    reservations = await select_reservations(tx, [demand_id])
    warehouses = await select_warehouses(tx)
    return status_of(
        demand,
        reservations.get(demand_id, ()),
        waits_for={(item_id, place) for item_id, place, *_ in await select_waiting(tx, [demand_id], {})},
        codes={warehouse.id: warehouse.code for warehouse in warehouses},
        some_open=any(warehouse.open for warehouse in warehouses),
    )
