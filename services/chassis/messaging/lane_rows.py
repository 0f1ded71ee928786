"""Statements on lanes and on what waits in them, for whoever holds a lane's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.database.pool import Connection
from chassis.database.transaction import Transaction
from chassis.messaging.inbox import Received
from chassis.messaging.tries import Verdict

# One probe of the index for each organisation that has a lane, however many lanes it has.
_DUE = """
    WITH RECURSIVE first AS (
        (SELECT organization_id, next_try_time FROM lanes
        WHERE consumer = %(consumer)s AND next_try_time IS NOT NULL
            AND (%(after)s::uuid IS NULL OR organization_id > %(after)s)
        ORDER BY organization_id, next_try_time LIMIT 1)
        UNION ALL
        SELECT another.* FROM first CROSS JOIN LATERAL (
            SELECT organization_id, next_try_time FROM lanes
            WHERE consumer = %(consumer)s AND next_try_time IS NOT NULL AND organization_id > first.organization_id
            ORDER BY organization_id, next_try_time LIMIT 1
        ) AS another
    )
    SELECT organization_id FROM first WHERE next_try_time <= now() LIMIT %(most)s
"""

_LOCK_DUE = """
    SELECT aggregate_id FROM lanes WHERE consumer = %s AND next_try_time <= now()
    ORDER BY next_try_time LIMIT %s FOR UPDATE SKIP LOCKED
"""

_LOCK_ONE_DUE = """
    SELECT FROM lanes WHERE consumer = %s AND aggregate_id = %s AND next_try_time <= now() FOR UPDATE SKIP LOCKED
"""

_LOCK = "SELECT FROM lanes WHERE consumer = %s AND aggregate_id = %s FOR UPDATE"

_HEADS = """
    SELECT event_id, aggregate_id, type, state, message, traceparent, tries, now() - receive_time AS age
    FROM (
        SELECT head.*, sum(octet_length(message)) OVER (ORDER BY position) - octet_length(message) AS bytes_before
        FROM unnest(%(lanes)s::text[]) AS lane (id) CROSS JOIN LATERAL (
            SELECT * FROM inbox
            WHERE consumer = %(consumer)s AND aggregate_id = lane.id AND state <> 'DONE'
            ORDER BY position LIMIT %(depth)s
        ) AS head
    ) AS head
    WHERE bytes_before < %(bytes)s
    ORDER BY position LIMIT %(most)s
"""

# Of the messages that are read together: a store that waits with large bodies must not take the process's memory.
_MOST_BYTES = 4 * 1024 * 1024

_DONE = """
    UPDATE inbox SET state = 'DONE', message = NULL, failure = '', done_time = now()
    WHERE consumer = %s AND event_id = ANY(%s)
"""

_FAILED = "UPDATE inbox SET state = %s, tries = %s, failure = %s WHERE consumer = %s AND event_id = %s"

# The lanes were locked by a statement before this one, so nothing can have been added that this one does not see. One
# probe for each lane, also while there are no statistics: an anti-join went through all that waits.
_CLOSE = """
    DELETE FROM lanes WHERE consumer = %(consumer)s AND aggregate_id = ANY(%(lanes)s) AND aggregate_id NOT IN (
        SELECT lane.id FROM unnest(%(lanes)s::text[]) AS lane (id) CROSS JOIN LATERAL (
            SELECT FROM inbox WHERE consumer = %(consumer)s AND aggregate_id = lane.id AND state <> 'DONE' LIMIT 1
        ) AS rest
    )
"""

_NEXT_TRY = "UPDATE lanes SET next_try_time = now() + %s WHERE consumer = %s AND aggregate_id = ANY(%s)"

# Only lanes that rest: one that is due has its place among those that are. Who stopped (a dead letter) stays so.
_MAKE_DUE = "UPDATE lanes SET next_try_time = now() WHERE consumer = %s AND next_try_time > now()"

_UNPARK = "UPDATE inbox SET state = 'RETRYING' WHERE consumer = %s AND state = 'PARKED'"
_START = "UPDATE lanes SET next_try_time = now() WHERE consumer = %s AND next_try_time IS NULL"

_COUNT_WAITING = """
    SELECT count(*) FROM (SELECT FROM inbox WHERE consumer = %s AND state <> 'DONE' LIMIT %s) AS waiting
"""


@dataclass(frozen=True, slots=True)
class Head:
    """A message that waits in a lane, with what is known of its tries."""

    message: Received
    state: str
    tries: int
    age: timedelta


async def due_organizations(finder: Connection, consumer: str, after: UUID | None, most: int) -> list[UUID]:
    """Organisations that have a lane to be tried now, in the order of their ids."""
    values = {"consumer": consumer, "after": after, "most": most}
    return [row.organization_id for row in await (await finder.execute(_DUE, values)).fetchall()]


async def lock_due(tx: Transaction, consumer: str, most: int) -> list[str]:
    """Lock lanes that are due, those first that have waited longest, and pass over those that others hold."""
    return [row.aggregate_id for row in await (await tx.execute(_LOCK_DUE, (consumer, most))).fetchall()]


async def lock_one_due(tx: Transaction, consumer: str, lane: str) -> bool:
    """Lock a lane if it is still due and nobody holds it."""
    return (await tx.execute(_LOCK_ONE_DUE, (consumer, lane))).rowcount == 1


async def lock(tx: Transaction, consumer: str, lane: str) -> bool:
    """Lock a lane, waiting for whoever holds it. False when there is none."""
    return (await tx.execute(_LOCK, (consumer, lane))).rowcount == 1


async def heads(tx: Transaction, consumer: str, lanes: Sequence[str], depth: int, most: int) -> list[Head]:
    """What waits first in locked lanes, in order: so many of each, so many in all, and a few megabytes of them.

    Never in the statement that locks, which sees too little.
    """
    if not lanes:
        return []
    values = {"consumer": consumer, "lanes": list(lanes), "depth": depth, "most": most, "bytes": _MOST_BYTES}
    rows = await (await tx.execute(_HEADS, values, binary=True)).fetchall()
    return [Head(_received(tx.organization, row), row.state, row.tries, row.age) for row in rows]


def not_fresh(heads: Sequence[Head]) -> list[str]:
    """Lanes in which some message has failed before: they are worked alone, so that they fail alone."""
    return list(dict.fromkeys(head.message.aggregate_id for head in heads if head.state != "WAITING"))


async def done(tx: Transaction, consumer: str, messages: Sequence[Received]) -> None:
    """The messages were applied in this transaction."""
    await tx.execute(_DONE, (consumer, [message.id for message in messages]))


async def failed(tx: Transaction, consumer: str, head: Head, verdict: Verdict, failure: str) -> None:
    """The head of a locked lane failed: it is tried again after a pause, or stops its lane."""
    await tx.execute(_FAILED, (verdict.state, verdict.tries, failure, consumer, head.message.id))
    await try_again(tx, consumer, [head.message.aggregate_id], None if verdict.state == "PARKED" else verdict.pause)


async def try_again(tx: Transaction, consumer: str, lanes: Sequence[str], pause: timedelta | None) -> None:
    """Set when locked lanes are due next; None is never, until somebody replays or discards the head."""
    await tx.execute(_NEXT_TRY, (pause, consumer, list(lanes)))
    tx.wrote_lanes = tx.wrote_lanes or pause == timedelta()


async def make_due(tx: Transaction, consumer: str, *, stopped: bool = False) -> None:
    """What the organisation's messages waited for has come: each of its lanes is tried now, in its order.

    stopped: also those that a dead letter stops, which is tried once more.
    """
    # Lanes before their messages, as everybody locks them.
    await tx.execute(_MAKE_DUE, (consumer,))
    if stopped:
        await tx.execute(_START, (consumer,))
        await tx.execute(_UNPARK, (consumer,))
    tx.wrote_lanes = True


async def count_waiting(tx: Transaction, consumer: str, most: int) -> int:
    """How many of the organisation's messages wait, whatever for; counted no further than `most`."""
    row = await (await tx.execute(_COUNT_WAITING, (consumer, most))).fetchone()
    return int(row[0]) if row else 0


async def leave(tx: Transaction, consumer: str, lanes: Sequence[str]) -> None:
    """Take away those of these locked lanes in which nothing waits, and put the others behind the rest."""
    if not lanes:
        return
    closed = await tx.execute(_CLOSE, {"consumer": consumer, "lanes": list(lanes)})
    if closed.rowcount < len(lanes):
        await try_again(tx, consumer, lanes, timedelta())


def _received(organization: UUID, row: Any) -> Received:
    return Received(organization, row.event_id, row.aggregate_id, row.type, row.traceparent, row.message)
