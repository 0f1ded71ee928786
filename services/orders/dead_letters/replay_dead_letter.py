"""ReplayDeadLetter."""

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple, TypeAlias

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging import dead_letters
from chassis.messaging.consumer import Consumer
from chassis.messaging.dead_letters import DeadLetterId, Outcome
from orders.dead_letters.changes import changes_since
from orders.errors import DeadLetterNotFound

Consumers: TypeAlias = Mapping[str, Consumer]


# Keeps what is to be known of a dead letter that is about to be discarded, with who did it and why, in words.
KeepDiscarded: TypeAlias = Callable[[Transaction, DeadLetterId, str], Awaitable[None]]


class Desk(NamedTuple):
    """What an operator's replay and discard work with."""

    consumers: Consumers
    clock: Clock
    keep: KeepDiscarded


async def replay_dead_letter(tx: Transaction, desk: Desk, letter: DeadLetterId, *, dry_run: bool) -> Outcome:
    """Apply a dead letter now, or say what would come of it. Raises DeadLetterNotFound."""
    consumer = desk.consumers.get(letter.consumer)
    if consumer is None:
        raise DeadLetterNotFound(*letter)
    describe = changes_since(desk.clock.now())
    try:
        replayed = await dead_letters.replay_in(tx, consumer, letter.event_id, dry_run=dry_run, describe=describe)
    except dead_letters.NotParked as error:
        raise DeadLetterNotFound(*letter) from error
    return Outcome(letter, replayed.applied, replayed.failure, replayed.changes)
