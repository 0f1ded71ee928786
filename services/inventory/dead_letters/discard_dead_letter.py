"""DiscardDeadLetter."""

from chassis.database.transaction import Transaction
from chassis.messaging import dead_letters
from chassis.messaging.dead_letters import DeadLetterId, Outcome
from inventory.errors import DeadLetterNotFound


async def discard_dead_letter(tx: Transaction, letter: DeadLetterId, who: str, why: str) -> Outcome:
    """Let a dead letter's lane go on without it. Raises DeadLetterNotFound."""
    try:
        await dead_letters.discard_in(tx, letter.consumer, letter.event_id, who=who, why=why)
    except dead_letters.NotParked as error:
        raise DeadLetterNotFound(*letter) from error
    return Outcome(letter, done=True)
