"""Add to or take from what is on hand, with a reason."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.stock.change_level import Change, change_level
from inventory.stock.fact import Condition, adjusted
from inventory.stock.level import Level


async def adjust_stock(
    tx: Transaction,
    clock: Clock,
    change: Change,
    delta: int,
    *,
    condition: Condition = Condition.SELLABLE,
    take_back: bool = False,
    demands: Sequence[UUID] = (),
) -> Level:
    """The level after so many units came, or, negative, went.

    Promised units go only with `take_back`: those of these demands, in their order, or of any where none is named.
    Raises ItemNotFound, WarehouseNotFound, AdjustmentBelowReserved, ConditionHasFewer.
    """
    decide = partial(adjusted, delta=delta, condition=condition, take_back=take_back)
    return await change_level(tx, clock, change, decide, demands=demands)
