"""DiscardDeadLetters."""

from chassis.database.transaction import Transaction
from inventory.dead_letters.discard_dead_letter import discard_dead_letter
from inventory.dead_letters.list_dead_letters import MOST_AT_ONCE, list_dead_letters
from inventory.dead_letters.replay_dead_letter import DeadLetterId, Outcome
from inventory.errors import DeadLetterNotFound


async def discard_dead_letters(tx: Transaction, consumer: str | None, who: str, why: str) -> list[Outcome]:
    """Discard dead letters, oldest first, as many as one call takes."""
    outcomes = []
    for each in await list_dead_letters(tx, consumer, 0, MOST_AT_ONCE):
        letter = DeadLetterId(each.consumer, each.event_id)
        try:
            outcomes.append(await discard_dead_letter(tx, letter, who, why))
        except DeadLetterNotFound as gone:
            outcomes.append(Outcome(letter, done=False, failure=gone.message))
    return outcomes
