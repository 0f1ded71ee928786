"""DiscardDeadLetters."""

from functools import partial

from chassis.database.transaction import Transaction
from chassis.messaging.dead_letters import Outcome, with_each
from orders.dead_letters.discard_dead_letter import discard_dead_letter
from orders.dead_letters.replay_dead_letter import KeepDiscarded


async def discard_dead_letters(
    tx: Transaction, keep: KeepDiscarded, consumer: str | None, who: str, why: str
) -> list[Outcome]:
    """Discard dead letters, as many as one call takes."""
    return await with_each(tx, consumer, partial(discard_dead_letter, tx, keep, who=who, why=why))
