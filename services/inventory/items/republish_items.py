"""Tell of items again."""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging import outbox
from inventory.items import sql
from inventory.items.events import item_event

CAUSE = "republish"


async def republish_items(
    tx: Transaction, clock: Clock, *, only: UUID | None, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Write so many items after an id, or only this one, to the outbox in their present version. The ids of those."""
    items = await sql.page_of_items(tx, only, after, limit)
    await outbox.write(tx, [item_event(tx, clock, item, CAUSE) for item in items])
    return [item.id for item in items]
