"""Record that units are damaged, in quarantine, or can be sold again."""

from functools import partial

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.stock.change_level import Change, change_level
from inventory.stock.fact import Condition, condition_changed
from inventory.stock.level import Level


async def change_condition(
    tx: Transaction, clock: Clock, change: Change, *, source: Condition, target: Condition, units: int
) -> Level:
    """The level after so many units went from one condition to another, whatever was promised.

    Raises ItemNotFound, WarehouseNotFound, ConditionHasFewer.
    """
    return await change_level(tx, clock, change, partial(condition_changed, source=source, target=target, units=units))
