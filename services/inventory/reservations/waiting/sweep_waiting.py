"""Find those who could be served and were missed."""

from chassis.database.transaction import Transaction
from chassis.telemetry.logs import get_logger
from inventory.reservations.waiting import sql


async def sweep_waiting(tx: Transaction) -> int:
    """Leave word of each item that somebody waits for although enough is available; of how many items."""
    found = await sql.sweep(tx)
    if found:
        get_logger().warning("the sweep found items to serve", organization_id=str(tx.organization), items=found)
    return found
