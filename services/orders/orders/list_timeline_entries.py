"""ListTimelineEntries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.errors import OrderNotFound
from orders.orders import sql


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened to an order. `actor`: "user:{id}", "store:{id}" or "service:{name}".

    reason: why, as whoever did it said. old, new: what changed, where that can be said in a word.
    """

    position: int
    event: str
    message: str
    actor: str
    time: datetime
    reason: str
    old: str
    new: str


async def list_timeline_entries(tx: Transaction, order_id: UUID, after: int, limit: int) -> list[TimelineEntry]:
    """What happened to an order after this position, oldest first. Raises OrderNotFound."""
    if (await tx.execute(sql.EXISTS, (order_id,))).rowcount == 0:
        raise OrderNotFound(order_id)
    rows = await (await tx.execute(sql.TIMELINE, (order_id, after, limit))).fetchall()
    return [
        TimelineEntry(
            row.position, row.event, row.message, row.actor, row.time, row.reason, row.old_value, row.new_value
        )
        for row in rows
    ]
