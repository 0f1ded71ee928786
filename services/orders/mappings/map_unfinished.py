"""The job that maps what is left where more orders are concerned than one transaction takes, or came in meanwhile."""

from uuid import UUID

from chassis.clock import Clock
from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from orders.mappings import sql
from orders.mappings.map_lines import MOST_ORDERS, map_lines
from orders.mappings.move_lines import Said, move_lines
from orders.orders.in_turns import in_turns

CAUSE = "map_unfinished"
MOST_SKUS = 100


async def map_unfinished(database: Database, clock: Clock, lease: Lease, most: int = MOST_ORDERS) -> None:
    """Look at every line that was left, in transactions of bounded size, organisations in turn."""

    async def turn(organization: UUID) -> bool:
        async with database.transaction(organization) as tx:
            await lease.hold(tx)
            mapped = await _map_some(tx, clock, most)
        async with database.transaction(organization) as tx:
            await lease.hold(tx)
            moved = await _move_some(tx, clock, most)
        return not (mapped and moved)

    async with database.finder() as connection:
        found = await (await connection.execute(sql.WITH_UNFINISHED)).fetchall()
    await in_turns([row.organization_id for row in found], turn, "lines were not mapped")


async def _map_some(tx: Transaction, clock: Clock, most: int) -> bool:
    """Map lines of as many orders as one transaction takes. Returns whether none is left."""
    left = await (await tx.execute(sql.UNFINISHED)).fetchall()
    if not left:
        return True
    keys = [row.sku_key for row in left]
    after = min(row.after_order_id for row in left)
    last = await map_lines(tx, clock, dict.fromkeys(keys, CAUSE), most, after=after)
    if last is None:
        await tx.execute(sql.REMOVE_UNFINISHED, (keys,))
    else:
        await tx.execute(sql.GO_ON_AFTER, (last, keys))
    return last is None


async def _move_some(tx: Transaction, clock: Clock, most: int) -> bool:
    """Move lines of as many orders as one transaction takes to what was said of their SKUs. Returns whether none is
    left; a SKU is looked at until its time is over.
    """
    moving = await (await tx.execute(sql.MOVING, (MOST_SKUS,))).fetchall()
    over = []
    for row in moving:
        most -= await move_lines(tx, clock, Said(row.sku, row.actor, CAUSE), most)
        if most == 0:
            break
        over += [row.sku] if row.over else []
    await tx.execute(sql.STOP_MOVING, (over,))
    return most > 0 and not (over and len(moving) == MOST_SKUS)
