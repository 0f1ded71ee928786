"""Add to or take from what is on hand, with a reason."""

from dataclasses import dataclass
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.reservations.waiting.sql import insert_wakes
from inventory.stock.find_level import find_level
from inventory.stock.ledger import post
from inventory.stock.level import Kind, Level, Movement, Mover, check_adjustment
from inventory.stock.lock_levels import lock_levels
from inventory.stock.sql import balances


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Units to add, or, negative, to take; in the default warehouse where none is named. `reason` is for the ledger."""

    item_id: UUID
    warehouse_id: UUID | None
    delta: int
    reason: str
    note: str = ""


async def adjust_stock(tx: Transaction, clock: Clock, adjustment: Adjustment, mover: Mover) -> Level:
    """The level after it. Those who wait for the item get word of what came.

    Raises ItemNotFound, WarehouseNotFound, AdjustmentBelowReserved.
    """
    level = await find_level(tx, adjustment.item_id, adjustment.warehouse_id)
    place = (level.item_id, level.warehouse_id)
    await lock_levels(tx, [place], missing=[place])
    check_adjustment((await balances(tx, [place]))[place], adjustment.delta)
    movement = Movement(
        Kind.ADJUSTED, *place, mover, cause=adjustment.reason, on_hand=adjustment.delta, note=adjustment.note
    )
    await post(tx, clock, [movement])
    if adjustment.delta > 0:
        await insert_wakes(tx, {level.item_id: None})
    return await find_level(tx, *place)
