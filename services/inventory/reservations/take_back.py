"""Take promised units back, because they are not on the shelf."""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.errors import AdjustmentBelowReserved
from inventory.reservations import sql
from inventory.reservations.taking_back import Held, claimed_of, take_units
from inventory.reservations.waiting.sql import insert_notices
from inventory.stock.ledger import post
from inventory.stock.level import Kind, Movement, Mover
from inventory.stock.sql import balances


async def take_back(
    tx: Transaction,
    clock: Clock,
    place: tuple[UUID, UUID],
    units: int,
    *,
    mover: Mover,
    cause: str,
    demands: Sequence[UUID] = (),
) -> None:
    """Take so many units of a locked level back: from these demands in their order, or from any, the youngest first.

    No demand is locked: each that lost units is noticed, and tried again or told SHORT later. Raises
    AdjustmentBelowReserved where these demands do not have so many.
    """
    active = await sql.select_active_at(tx, [place], without=())
    held = [Held(row, claimed_of(row, claimed)) for row, claimed in reversed(active)]
    if demands:
        turns = {demand_id: n for n, demand_id in enumerate(demands)}
        held = sorted(
            (each for each in held if each.row.demand_id in turns), key=lambda each: turns[each.row.demand_id]
        )
    taken = take_units(held, units)
    if sum(back for _, back in taken) < units:
        balance = (await balances(tx, [place]))[place]
        raise AdjustmentBelowReserved(balance.on_hand, balance.reserved, balance.damaged, balance.quarantined)
    movements = [
        Movement(Kind.RELEASED, *place, mover, f"{cause}: taken back", reserved=-back, demand_id=row.demand_id)
        for row, back in taken
    ]
    await post(tx, clock, movements)
    changed = {row.id: row for row, _ in taken}
    await sql.update_reservations(tx, changed.values())
    await insert_notices(tx, {row.demand_id for row in changed.values()})
