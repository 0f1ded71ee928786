"""ReplayDeadLetters."""

from functools import partial

from chassis.database.transaction import Transaction
from chassis.messaging.dead_letters import Outcome, with_each
from orders.dead_letters.replay_dead_letter import Desk, replay_dead_letter


async def replay_dead_letters(tx: Transaction, desk: Desk, consumer: str | None, *, dry_run: bool) -> list[Outcome]:
    """Replay dead letters, as many as one call takes; each by itself, whatever comes of the others."""
    return await with_each(tx, consumer, partial(replay_dead_letter, tx, desk, dry_run=dry_run))
