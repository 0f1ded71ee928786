"""What a replayed message changed, in words that name nobody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.messaging.dead_letters import Describe
from chassis.messaging.inbox import Received
from orders.dead_letters import sql


def changes_since(start: datetime) -> Describe:
    """Describes by the timelines of the orders concerned, the delivery's outcome, and what others are told."""

    async def describe(tx: Transaction, message: Received) -> Sequence[str]:
        store, _, external_id = message.aggregate_id.partition("/order/")
        ids = [each for _, key in [("", message.aggregate_id), *tx.events_written] if (each := _uuid(key))]
        timeline = await (await tx.execute(sql.CHANGES, (ids, f"store:{store}", external_id, start))).fetchall()
        led_to = await (await tx.execute(sql.LED_TO, (message.id,))).fetchall()
        return [
            *(row.outcome for row in led_to),
            *(f"{row.name}: {row.message}" for row in timeline),
            *(f"tells others: {name} of {key}" for name, key in tx.events_written),
        ]

    return describe


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
