"""ListDeadLetters."""

from chassis.database.transaction import Transaction
from chassis.messaging import dead_letters
from chassis.messaging.dead_letters import DeadLetter


async def list_dead_letters(tx: Transaction, consumer: str | None, after: int, limit: int) -> list[DeadLetter]:
    """The organisation's dead letters after this position, oldest first; None is of every consumer."""
    return await dead_letters.parked_in(tx, consumer=consumer, after=after, size=limit)
