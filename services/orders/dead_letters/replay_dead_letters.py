"""ReplayDeadLetters."""

from chassis.database.transaction import Transaction
from orders.dead_letters.list_dead_letters import MOST_AT_ONCE, list_dead_letters
from orders.dead_letters.replay_dead_letter import DeadLetterId, Desk, Outcome, replay_dead_letter
from orders.errors import DeadLetterNotFound


async def replay_dead_letters(tx: Transaction, desk: Desk, consumer: str | None, *, dry_run: bool) -> list[Outcome]:
    """Replay dead letters, oldest first, as many as one call takes; each by itself, whatever comes of the others."""
    outcomes = []
    for each in await list_dead_letters(tx, consumer, 0, MOST_AT_ONCE):
        letter = DeadLetterId(each.consumer, each.event_id)
        try:
            outcomes.append(await replay_dead_letter(tx, desk, letter, dry_run=dry_run))
        except DeadLetterNotFound as gone:
            outcomes.append(Outcome(letter, done=False, failure=gone.message))
    return outcomes
