"""Dead letters: messages that were PARKED and stop their lane. What an operator can do: look, replay, discard."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias
from uuid import UUID

from chassis.database import faults
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.errors import Refusal
from chassis.messaging import lane_rows
from chassis.messaging.consumer import Consumer
from chassis.messaging.handlers import described
from chassis.messaging.inbox import Received
from chassis.messaging.lane_rows import Head
from chassis.messaging.tries import Verdict
from chassis.telemetry.logs import get_logger

log = get_logger()

_PARKED = """
    SELECT consumer, event_id, aggregate_id, type, tries, failure, receive_time, traceparent, position, (
        SELECT count(*) FROM inbox AS behind
        WHERE behind.consumer = parked.consumer AND behind.aggregate_id = parked.aggregate_id
            AND behind.position > parked.position AND behind.state <> 'DONE'
    ) AS behind
    FROM inbox AS parked
    WHERE state = 'PARKED' AND (%(consumer)s::text IS NULL OR consumer = %(consumer)s) AND position > %(after)s
    ORDER BY position LIMIT %(size)s
"""

_LEAST_TRIED = """
    SELECT consumer, event_id FROM inbox
    WHERE state = 'PARKED' AND (%(consumer)s::text IS NULL OR consumer = %(consumer)s)
    ORDER BY tries, position LIMIT %(size)s
"""

_LANE_OF = "SELECT aggregate_id FROM inbox WHERE consumer = %s AND event_id = %s AND state = 'PARKED'"

_DISCARD = """
    UPDATE inbox
    SET state = 'DONE', message = NULL, done_time = now(), discarded_by = %s, discard_reason = %s
    WHERE consumer = %s AND event_id = %s
"""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A PARKED message, without its content. `position` is the list's key, `behind` counts what waits behind it."""

    consumer: str
    event_id: UUID
    aggregate_id: str
    type: str
    tries: int
    failure: str
    receive_time: datetime
    traceparent: str
    position: int
    behind: int


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of a replay. `failure` is empty when it was applied; `events` are what it gave the outbox.

    changes: what it changed, in words, as far as the service describes that.
    """

    failure: str
    events: Sequence[tuple[str, str]]
    changes: Sequence[str] = ()

    @property
    def applied(self) -> bool:
        """Whether the message was applied, or would have been."""
        return not self.failure


class DeadLetterId(NamedTuple):
    """Which message of which consumer."""

    consumer: str
    event_id: UUID


class Outcome(NamedTuple):
    """What came of a replay or a discard of one of many; `done` says in a dry run whether it would be."""

    id: DeadLetterId
    done: bool
    failure: str = ""
    changes: Sequence[str] = ()


# Dead letters that one call replays or discards.
MOST_AT_ONCE = 200
# Seconds after which it begins no other: all are one transaction, and whoever needs what it locks waits for its end.
ENOUGH_SECONDS = 1.0

# Says in words what a message that was just applied changed, inside its transaction.
Describe: TypeAlias = Callable[[Transaction, Received], Awaitable[Sequence[str]]]
# Keeps what is to be known of a message that is about to be discarded, while it is still there.
Keep: TypeAlias = Callable[[Transaction, Received], Awaitable[None]]


class NotParked(LookupError):
    """The organisation's consumer has no dead letter of this id."""


class _RollBack(Exception):
    """Ends a dry run."""


async def parked(
    database: Database, organization: UUID, *, consumer: str | None = None, after: int = 0, size: int = 50
) -> list[DeadLetter]:
    """An organisation's dead letters, oldest first, after the position of the last one seen."""
    async with database.transaction(organization) as tx:
        return await parked_in(tx, consumer=consumer, after=after, size=size)


async def parked_in(
    tx: Transaction, *, consumer: str | None = None, after: int = 0, size: int = 50
) -> list[DeadLetter]:
    """The same of the transaction's organisation."""
    cursor = await tx.execute(_PARKED, {"consumer": consumer, "after": after, "size": size})
    return [DeadLetter(*row) for row in await cursor.fetchall()]


async def with_each(
    tx: Transaction, consumer: str | None, act: Callable[[DeadLetterId], Awaitable[Outcome]]
) -> list[Outcome]:
    """Do this to dead letters of a consumer (None: of every one), as many as one call takes; each by itself, and where
    it is refused that is what came of it.

    Those that were tried least come first, and of these the oldest: so that what fails again keeps none from its turn.
    """
    outcomes: list[Outcome] = []
    begun = time.monotonic()
    found = await tx.execute(_LEAST_TRIED, {"consumer": consumer, "size": MOST_AT_ONCE})
    for row in await found.fetchall():
        if outcomes and time.monotonic() - begun > ENOUGH_SECONDS:
            break
        letter = DeadLetterId(row.consumer, row.event_id)
        try:
            outcomes.append(await act(letter))
        except Refusal as refusal:
            outcomes.append(Outcome(letter, done=False, failure=refusal.message))
    return outcomes


async def replay(
    database: Database,
    consumer: Consumer,
    organization: UUID,
    event_id: UUID,
    *,
    dry_run: bool = False,
) -> Replay:
    """Apply a dead letter now, in a transaction of its own; as `replay_in`."""
    async with database.transaction(organization) as tx:
        return await replay_in(tx, consumer, event_id, dry_run=dry_run)


async def replay_in(
    tx: Transaction, consumer: Consumer, event_id: UUID, *, dry_run: bool = False, describe: Describe | None = None
) -> Replay:
    """Apply a dead letter now; when that works its lane goes on. It stays PARKED, with the new failure, when not.

    A dry run applies it as well, and takes back whatever came of it. Raises NotParked.
    """
    head = await _lock(tx, consumer.name, event_id)
    told = len(tx.events_written)
    outcome = Replay("", ())
    try:
        async with tx.transaction():
            await consumer.intake.handlers.apply(tx, [head.message])
            # What else would be found wrong by the commit alone, which a dry run never comes to.
            await tx.execute("SET CONSTRAINTS ALL IMMEDIATE")
            await lane_rows.done(tx, consumer.name, [head.message])
            changes = await describe(tx, head.message) if describe else ()
            outcome = Replay("", tuple(tx.events_written[told:]), changes)
            if dry_run:
                raise _RollBack
    except _RollBack:
        del tx.events_written[told:]
        return outcome
    except Exception as error:
        del tx.events_written[told:]
        if faults.is_passing(error):
            raise
        outcome = Replay(described(error), ())
        if not dry_run:
            again = Verdict("PARKED", head.tries + 1, timedelta())
            await lane_rows.failed(tx, consumer.name, head, again, outcome.failure)
    else:
        await lane_rows.leave(tx, consumer.name, [head.message.aggregate_id])
    log.info("dead letter replayed", consumer=consumer.name, event_id=str(event_id), failure=outcome.failure)
    return outcome


async def discard(database: Database, consumer: str, organization: UUID, event_id: UUID, *, who: str, why: str) -> None:
    """Let a dead letter's lane go on without it, in a transaction of its own; as `discard_in`."""
    async with database.transaction(organization) as tx:
        await discard_in(tx, consumer, event_id, who=who, why=why)


async def discard_in(
    tx: Transaction, consumer: str, event_id: UUID, *, who: str, why: str, keep: Keep | None = None
) -> None:
    """Let a dead letter's lane go on without it, and keep who said so and why. Raises NotParked."""
    if not who or not why:
        raise ValueError("a discard names who decided it and why")
    head = await _lock(tx, consumer, event_id)
    if keep:
        await keep(tx, head.message)
    await tx.execute(_DISCARD, (who, why, consumer, event_id))
    await lane_rows.leave(tx, consumer, [head.message.aggregate_id])
    log.warning("dead letter discarded", consumer=consumer, event_id=str(event_id), discarded_by=who)


async def _lock(tx: Transaction, consumer: str, event_id: UUID) -> Head:
    """The dead letter, its lane locked."""
    row = await (await tx.execute(_LANE_OF, (consumer, event_id))).fetchone()
    if row is not None and await lane_rows.lock(tx, consumer, row.aggregate_id):
        for head in await lane_rows.heads(tx, consumer, [row.aggregate_id], 1, 1):
            if head.message.id == event_id and head.state == "PARKED":
                return head
    raise NotParked(f"{consumer} has no dead letter {event_id}")
