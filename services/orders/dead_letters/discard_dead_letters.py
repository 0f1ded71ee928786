"""DiscardDeadLetters."""

from chassis.database.transaction import Transaction
from orders.dead_letters.discard_dead_letter import discard_dead_letter
from orders.dead_letters.list_dead_letters import MOST_AT_ONCE, list_dead_letters
from orders.dead_letters.replay_dead_letter import DeadLetterId, KeepDiscarded, Outcome
from orders.errors import DeadLetterNotFound


async def discard_dead_letters(
    tx: Transaction, keep: KeepDiscarded, consumer: str | None, who: str, why: str
) -> list[Outcome]:
    """Discard dead letters, oldest first, as many as one call takes."""
    outcomes = []
    for each in await list_dead_letters(tx, consumer, 0, MOST_AT_ONCE):
        letter = DeadLetterId(each.consumer, each.event_id)
        try:
            outcomes.append(await discard_dead_letter(tx, keep, letter, who, why))
        except DeadLetterNotFound as gone:
            outcomes.append(Outcome(letter, done=False, failure=gone.message))
    return outcomes
