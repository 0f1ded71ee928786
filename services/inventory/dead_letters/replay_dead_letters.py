"""ReplayDeadLetters."""

from functools import partial

from chassis.database.transaction import Transaction
from chassis.messaging.consumer import Consumer
from chassis.messaging.dead_letters import Outcome, with_each
from inventory.dead_letters.replay_dead_letter import replay_dead_letter


async def replay_dead_letters(tx: Transaction, consumer: Consumer, name: str | None, *, dry_run: bool) -> list[Outcome]:
    """Replay dead letters, as many as one call takes; each by itself, whatever comes of the others."""
    return await with_each(tx, name, partial(replay_dead_letter, tx, consumer, dry_run=dry_run))
