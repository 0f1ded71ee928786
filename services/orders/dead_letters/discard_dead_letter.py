"""DiscardDeadLetter."""

from chassis.database.transaction import Transaction
from chassis.messaging import dead_letters
from chassis.messaging.dead_letters import DeadLetterId, Outcome
from chassis.messaging.inbox import Received
from orders.dead_letters.replay_dead_letter import KeepDiscarded
from orders.errors import DeadLetterNotFound


async def discard_dead_letter(
    tx: Transaction, keep: KeepDiscarded, letter: DeadLetterId, who: str, why: str
) -> Outcome:
    """Let a dead letter's lane go on without it. Raises DeadLetterNotFound."""

    async def keep_it(tx: Transaction, _message: Received) -> None:
        await keep(tx, letter, f"discarded by {who}: {why}")

    try:
        await dead_letters.discard_in(tx, letter.consumer, letter.event_id, who=who, why=why, keep=keep_it)
    except dead_letters.NotParked as error:
        raise DeadLetterNotFound(*letter) from error
    return Outcome(letter, done=True)
