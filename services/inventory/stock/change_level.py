"""Bring a level to what happened on the shelf."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.reservations.take_back import take_back
from inventory.reservations.waiting.sql import insert_wakes
from inventory.stock.fact import Decide
from inventory.stock.find_level import find_level
from inventory.stock.ledger import post
from inventory.stock.level import Level, Movement, Mover
from inventory.stock.lock_levels import lock_levels


@dataclass(frozen=True, slots=True)
class Change:
    """Whose level changes, in the default warehouse where none is named, and what the ledger says of it."""

    item_id: UUID
    warehouse_id: UUID | None
    mover: Mover
    cause: str
    note: str = ""


async def change_level(
    tx: Transaction, clock: Clock, change: Change, decide: Decide, *, demands: Sequence[UUID] = ()
) -> Level:
    """The level after what `decide` makes of it under its lock. Those who wait for the item get word of what came.

    Units are taken back from these demands, or from any. Raises ItemNotFound, WarehouseNotFound,
    AdjustmentBelowReserved where those do not hold so many, and what `decide` raises.
    """
    level = await find_level(tx, change.item_id, change.warehouse_id, in_use=True)
    place = (level.item_id, level.warehouse_id)
    await lock_levels(tx, [place], missing=[place])
    # Again: the warehouse may have been archived before its level was locked.
    fact = decide((await find_level(tx, *place, in_use=True)).balance)
    if fact.take_back:
        await take_back(tx, clock, place, fact.take_back, mover=change.mover, cause=change.cause, demands=demands)
    movements = [
        Movement(
            step.kind,
            *place,
            change.mover,
            change.cause,
            on_hand=step.on_hand,
            damaged=step.damaged,
            quarantined=step.quarantined,
            note=change.note,
        )
        for step in fact.steps
    ]
    await post(tx, clock, movements)
    if fact.adds:
        await insert_wakes(tx, {level.item_id: None})
    return await find_level(tx, *place)
