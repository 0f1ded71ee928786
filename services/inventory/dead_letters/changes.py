"""What a replayed message changed, in words that name nobody."""

from collections.abc import Sequence
from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.messaging.inbox import Received
from inventory.errors import DemandNotFound
from inventory.reservations.get_demand import get_demand


async def changes(tx: Transaction, message: Received) -> Sequence[str]:
    """What the order holds now, and what the others are told."""
    told = [f"tells others: {name} of {key}" for name, key in tx.events_written]
    try:
        status = await get_demand(tx, UUID(message.aggregate_id))
    except DemandNotFound:
        return told
    held = [
        f"line {line.line_id}: {line.wanted} wanted, {line.reserved} reserved, {line.consumed} left"
        for line in status.lines
    ]
    return [f"the order is {status.state}", *held, *told]
