"""Record an organisation that signed up, with its default warehouse."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.warehouses import sql
from inventory.warehouses.warehouse import DEFAULT_CODE, DEFAULT_NAME, DEFAULT_PRIORITY, Warehouse


async def record_organization(tx: Transaction, clock: Clock) -> bool:
    """Begin to work for the transaction's organisation; False when it is known already."""
    now = clock.now()
    if not await sql.insert_organization(tx, now):
        return False
    main = Warehouse(
        id=clock.new_id(),
        code=DEFAULT_CODE,
        name=DEFAULT_NAME,
        is_default=True,
        open=True,
        priority=DEFAULT_PRIORITY,
        create_time=now,
    )
    await sql.insert_warehouse(tx, main)
    return True
