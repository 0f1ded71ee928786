"""Record how many units somebody counted."""

from functools import partial

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.stock.change_level import Change, change_level
from inventory.stock.fact import counted
from inventory.stock.level import Level


async def set_count(tx: Transaction, clock: Clock, change: Change, units: int) -> Level:
    """The level as it was counted, whatever was promised. Raises ItemNotFound, WarehouseNotFound."""
    return await change_level(tx, clock, change, partial(counted, units=units))
