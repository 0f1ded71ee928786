"""Events in: one row per organisation, consumer and event, committed with what the event did.

DONE rows keep no message. WAITING, RETRYING and PARKED rows do, and stand in their lane by `position`: a lane is the
(organisation, consumer, aggregate id), and its row in `lanes` is there as long as one of those is. Whoever writes a row
that is not DONE writes the lane's row before it, in the same transaction, and so holds the lane's lock.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Identity, Index, Integer, LargeBinary, Text, Uuid
from sqlalchemy import func as sql

from chassis.database.schema import METADATA
from chassis.database.tenant_table import tenant_table
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import EventMessage

inbox = tenant_table(
    METADATA,
    "inbox",
    Column("consumer", Text, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("position", BigInteger, Identity(always=True), nullable=False),
    Column("aggregate_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("message", LargeBinary),
    Column("traceparent", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("failure", Text, nullable=False, server_default=""),
    Column("receive_time", DateTime(timezone=True), nullable=False, server_default=sql.now()),
    Column("done_time", DateTime(timezone=True)),
    Column("discarded_by", Text, nullable=False, server_default=""),
    Column("discard_reason", Text, nullable=False, server_default=""),
    CheckConstraint("state IN ('DONE', 'WAITING', 'RETRYING', 'PARKED')", name="inbox_state"),
    CheckConstraint("(state = 'DONE') = (message IS NULL)", name="inbox_keeps_what_is_not_done"),
    CheckConstraint("(state = 'DONE') = (done_time IS NOT NULL)", name="inbox_done_time"),
    # Not the consumer first, here and below: without statistics the planner would take this key for the lane's index.
    primary_key=("event_id", "consumer"),
)
Index(
    "inbox_lane",
    *(inbox.c[name] for name in ("organization_id", "consumer", "aggregate_id", "position")),
    postgresql_where=inbox.c.state != "DONE",
)
Index("inbox_done", inbox.c.done_time, postgresql_where=inbox.c.state == "DONE")

lanes = tenant_table(
    METADATA,
    "lanes",
    Column("consumer", Text, nullable=False),
    Column("aggregate_id", Text, nullable=False),
    Column("next_try_time", DateTime(timezone=True)),
    primary_key=("aggregate_id", "consumer"),
)
Index(
    "lanes_due",
    lanes.c.consumer,
    lanes.c.organization_id,
    lanes.c.next_try_time,
    postgresql_where=lanes.c.next_try_time.is_not(None),
)

# Lanes are locked, in one order, before anything is inserted: the sort reads the whole of `lane` first.
_CLAIM = """
    WITH lane AS (
        SELECT aggregate_id FROM lanes
        WHERE consumer = %(consumer)s AND aggregate_id = ANY(%(aggregates)s)
        ORDER BY aggregate_id FOR NO KEY UPDATE
    )
    INSERT INTO inbox (organization_id, consumer, event_id, aggregate_id, type, state, traceparent, done_time)
    SELECT %(organization)s, %(consumer)s, event_id, aggregate_id, type, 'DONE', traceparent, now()
    FROM unnest(%(ids)s::uuid[], %(aggregates)s::text[], %(types)s::text[], %(traceparents)s::text[])
        AS new (event_id, aggregate_id, type, traceparent)
    WHERE aggregate_id NOT IN (SELECT aggregate_id FROM lane)
    ORDER BY event_id
    ON CONFLICT DO NOTHING
    RETURNING event_id
"""

_LOCK_LANES = """
    SELECT aggregate_id FROM lanes WHERE consumer = %s AND aggregate_id = ANY(%s)
    ORDER BY aggregate_id FOR NO KEY UPDATE
"""

# DO UPDATE and not DO NOTHING: it is the lock that keeps a worker from taking the lane away meanwhile.
_OPEN_LANES = """
    INSERT INTO lanes (organization_id, consumer, aggregate_id, next_try_time)
    SELECT %s, %s, aggregate_id, now() + %s FROM unnest(%s::text[]) AS new (aggregate_id) ORDER BY aggregate_id
    ON CONFLICT (organization_id, consumer, aggregate_id) DO UPDATE SET consumer = excluded.consumer
"""

_KEEP = """
    INSERT INTO inbox
        (organization_id, consumer, event_id, aggregate_id, type, state, message, traceparent, tries, failure)
    SELECT %s, %s, event_id, aggregate_id, type, %s, message, traceparent, %s, %s
    FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::bytea[], %s::text[])
        AS new (event_id, aggregate_id, type, message, traceparent)
    ON CONFLICT DO NOTHING
    RETURNING event_id
"""


# What an index takes with ease. An external id that a store sends is far shorter.
AGGREGATE_ID_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came, with what of its header the inbox keeps.

    message: the whole of it. event: the same, if somebody has read it already.
    """

    organization: UUID
    id: UUID
    aggregate_id: str
    type: str
    traceparent: str
    message: bytes
    event: EventMessage | None = None


def received(event: EventMessage, message: bytes | None = None) -> Received:
    """The event as the inbox takes it; `message` if its bytes are at hand. Raises ValueError when it is nobody's."""
    header = event.header
    if len(header.aggregate_id) > AGGREGATE_ID_CHARACTERS or "\0" in header.aggregate_id + header.traceparent:
        raise ValueError("its aggregate id is none that a lane can have")
    return Received(
        organization=UUID(header.organization_id),
        id=UUID(header.id),
        aggregate_id=header.aggregate_id,
        type=event.DESCRIPTOR.full_name,
        traceparent=header.traceparent,
        message=event.SerializeToString() if message is None else message,
        event=event,
    )


async def claim(tx: Transaction, consumer: str, batch: Sequence[Received]) -> set[UUID]:
    """Write DONE rows for what is to be applied in this transaction, and answer which events that is.

    Not among them: what was received before, and what must queue behind others of its lane, which is written WAITING.
    """
    cursor = await tx.execute(
        _CLAIM,
        {
            "organization": tx.organization,
            "consumer": consumer,
            "ids": [each.id for each in batch],
            "aggregates": [each.aggregate_id for each in batch],
            "types": [each.type for each in batch],
            "traceparents": [each.traceparent for each in batch],
        },
    )
    fresh = {row.event_id for row in await cursor.fetchall()}
    rest = [each for each in batch if each.id not in fresh]
    if rest:
        aggregates = list({each.aggregate_id for each in rest})
        held = await (await tx.execute(_LOCK_LANES, (consumer, aggregates))).fetchall()
        queued = {row.aggregate_id for row in held}
        await _keep(tx, consumer, [each for each in rest if each.aggregate_id in queued], "WAITING")
    return fresh


async def accept(tx: Transaction, consumer: str, event: EventMessage) -> None:
    """Take an event that came by another way than Kafka; a lane worker applies it. A repeat changes nothing."""
    message = received(event)
    if message.organization != tx.organization:
        raise ValueError(f"event {message.id} is of another organisation than its transaction")
    await wait(tx, consumer, [message])


async def wait(tx: Transaction, consumer: str, batch: Sequence[Received]) -> None:
    """Write the messages WAITING, in their order, each behind what its lane has already."""
    await open_lanes(tx, consumer, {each.aggregate_id for each in batch})
    await _keep(tx, consumer, batch, "WAITING")


async def set_aside(
    tx: Transaction, consumer: str, message: Received, *, state: str, tries: int, failure: str, pause: timedelta
) -> bool:
    """Write a message that failed, RETRYING after a pause or PARKED. False when it was written before, by another."""
    await open_lanes(tx, consumer, {message.aggregate_id}, pause)
    kept = await _keep(tx, consumer, [message], state, tries=tries, failure=failure)
    if kept and state == "PARKED":
        await tx.execute(
            "UPDATE lanes SET next_try_time = NULL WHERE consumer = %s AND aggregate_id = %s",
            (consumer, message.aggregate_id),
        )
    return bool(kept)


async def open_lanes(
    tx: Transaction, consumer: str, aggregates: Collection[str], pause: timedelta = timedelta()
) -> None:
    """Lock the lanes, making those that are not there. One that is there keeps its time of the next try."""
    await tx.execute(_OPEN_LANES, (tx.organization, consumer, pause, list(aggregates)))
    tx.wrote_lanes = True


async def _keep(
    tx: Transaction, consumer: str, batch: Sequence[Received], state: str, *, tries: int = 0, failure: str = ""
) -> list[Any]:
    if not batch:
        return []
    columns: Iterable[tuple[object, ...]] = zip(
        *((each.id, each.aggregate_id, each.type, each.message, each.traceparent) for each in batch), strict=True
    )
    values = (tx.organization, consumer, state, tries, failure, *(list(column) for column in columns))
    return await (await tx.execute(_KEEP, values)).fetchall()
