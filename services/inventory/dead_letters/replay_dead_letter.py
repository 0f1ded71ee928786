"""ReplayDeadLetter."""

from chassis.database.transaction import Transaction
from chassis.messaging import dead_letters
from chassis.messaging.consumer import Consumer
from chassis.messaging.dead_letters import DeadLetterId, Outcome
from inventory.dead_letters.changes import changes
from inventory.errors import DeadLetterNotFound


async def replay_dead_letter(tx: Transaction, consumer: Consumer, letter: DeadLetterId, *, dry_run: bool) -> Outcome:
    """Apply a dead letter now, or say what would come of it. Raises DeadLetterNotFound."""
    if letter.consumer != consumer.name:
        raise DeadLetterNotFound(*letter)
    try:
        replayed = await dead_letters.replay_in(tx, consumer, letter.event_id, dry_run=dry_run, describe=changes)
    except dead_letters.NotParked as error:
        raise DeadLetterNotFound(*letter) from error
    return Outcome(letter, replayed.applied, replayed.failure, replayed.changes)
