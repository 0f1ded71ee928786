"""ReplayDeadLetters."""

from chassis.database.transaction import Transaction
from chassis.messaging.consumer import Consumer
from inventory.dead_letters.list_dead_letters import MOST_AT_ONCE, list_dead_letters
from inventory.dead_letters.replay_dead_letter import DeadLetterId, Outcome, replay_dead_letter
from inventory.errors import DeadLetterNotFound


async def replay_dead_letters(tx: Transaction, consumer: Consumer, name: str | None, *, dry_run: bool) -> list[Outcome]:
    """Replay dead letters, oldest first, as many as one call takes; each by itself, whatever comes of the others."""
    outcomes = []
    for each in await list_dead_letters(tx, name, 0, MOST_AT_ONCE):
        letter = DeadLetterId(each.consumer, each.event_id)
        try:
            outcomes.append(await replay_dead_letter(tx, consumer, letter, dry_run=dry_run))
        except DeadLetterNotFound as gone:
            outcomes.append(Outcome(letter, done=False, failure=gone.message))
    return outcomes
