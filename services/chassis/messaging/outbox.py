"""Events out: written in the transaction of what they tell, published by the relay.

The columns are those of Debezium's outbox, so that a large installation can move to change data capture:
aggregatetype is the topic (the message's full name), aggregateid the record's key, type what happened.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Identity, Index, LargeBinary, Text, Uuid, func

from chassis.database.leases import Lease
from chassis.database.pool import Connection
from chassis.database.schema import METADATA
from chassis.database.tenant_table import tenant_table
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import EventMessage, payload_name
from chassis.messaging.kafka import PAYLOAD_BYTES

outbox = tenant_table(
    METADATA,
    "outbox",
    Column("id", Uuid, nullable=False),
    Column("seq", BigInteger, Identity(always=True), nullable=False),
    Column("aggregatetype", Text, nullable=False),
    Column("aggregateid", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("traceparent", Text, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("publish_time", DateTime(timezone=True)),
    CheckConstraint(f"octet_length(payload) <= {PAYLOAD_BYTES}", name="outbox_payload_fits_a_record"),
)
Index("outbox_unpublished", outbox.c.seq, postgresql_where=outbox.c.publish_time.is_(None))
Index("outbox_published", outbox.c.publish_time, postgresql_where=outbox.c.publish_time.is_not(None))

_WRITE = """
    INSERT INTO outbox (organization_id, id, aggregatetype, aggregateid, type, payload, traceparent)
    SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[])
"""


async def write(tx: Transaction, events: Sequence[EventMessage]) -> None:
    """Write the events, in their order, to be published after the commit.

    The order within one aggregate is that of the commits only if every writer locked the aggregate's row before.
    """
    if not events:
        return
    rows = [_row(tx.organization, event) for event in events]
    await tx.execute(_WRITE, (tx.organization, *(list(column) for column in zip(*rows, strict=True))))
    tx.events_written += [(row[3], row[2]) for row in rows]


def _row(organization: UUID, event: EventMessage) -> tuple[UUID, str, str, str, bytes, str]:
    header = event.header
    if header.organization_id != str(organization):
        raise ValueError(f"event {header.id} is of another organisation than its transaction")
    name = event.DESCRIPTOR.full_name
    return (
        UUID(header.id),
        name,
        header.aggregate_id,
        payload_name(event),
        event.SerializeToString(),
        header.traceparent,
    )


# Keys that wait for a row of theirs neither come now nor fill the batch.
_UNPUBLISHED = """
    SELECT seq, organization_id, id, aggregatetype, aggregateid, type, payload, traceparent
    FROM (
        SELECT *, sum(octet_length(payload)) OVER (ORDER BY seq) - octet_length(payload) AS bytes_before
        FROM (
            SELECT * FROM outbox
            WHERE publish_time IS NULL AND NOT EXISTS (
                SELECT FROM unnest(%(topics)s::text[], %(keys)s::text[]) AS blocked (topic, key)
                WHERE blocked.topic = aggregatetype AND blocked.key = aggregateid
            )
            ORDER BY seq LIMIT %(most)s
        ) AS waiting
    ) AS waiting
    WHERE bytes_before < %(bytes)s
    ORDER BY seq
"""

# Of the payloads that are read together.
MOST_BYTES = 8 * 1024 * 1024

_FIRST_OF = """
    SELECT seq, organization_id, id, aggregatetype, aggregateid, type, payload, traceparent FROM outbox
    WHERE publish_time IS NULL AND aggregatetype = %s AND aggregateid = %s ORDER BY seq LIMIT 1
"""

_MARK = "UPDATE outbox SET publish_time = now() WHERE publish_time IS NULL AND seq = ANY(%s)"

_DELETE = """
    DELETE FROM outbox WHERE (organization_id, id) IN (
        SELECT organization_id, id FROM outbox WHERE publish_time < now() - interval '1 day'
        ORDER BY publish_time LIMIT %s
    )
"""


@dataclass(frozen=True, slots=True)
class Row:
    """An event that waits to be published."""

    seq: int
    organization: UUID
    id: UUID
    topic: str
    key: str
    type: str
    payload: bytes
    traceparent: str

    @property
    def topic_key(self) -> tuple[str, str]:
        """Within it, the order of rows is kept."""
        return self.topic, self.key


async def unpublished(finder: Connection, most: int, without: Collection[tuple[str, str]] = ()) -> list[Row]:
    """What waits to be published, in order: so many rows, and a few megabytes of them.

    Never "after the last seen": a lower number may be committed later.
    """
    topics, keys = [topic for topic, _ in without], [key for _, key in without]
    values = {"most": most, "bytes": MOST_BYTES, "topics": topics, "keys": keys}
    return [Row(*row) for row in await (await finder.execute(_UNPUBLISHED, values, binary=True)).fetchall()]


async def first_of(finder: Connection, topic_key: tuple[str, str]) -> Row | None:
    """What is next of one key."""
    row = await (await finder.execute(_FIRST_OF, topic_key, binary=True)).fetchone()
    return Row(*row) if row else None


async def mark(finder: Connection, lease: Lease, rows: Sequence[Row]) -> None:
    """Mark rows as published, in a transaction that holds the relay's lease. Raises LeaseLost."""
    async with finder.transaction():
        await lease.hold(finder)
        await finder.execute(_MARK, ([row.seq for row in rows],))


async def delete_published(finder: Connection, lease: Lease, most: int) -> int:
    """Delete rows that were published a day ago or earlier, so many at most: how many that were."""
    async with finder.transaction():
        await lease.hold(finder)
        return (await finder.execute(_DELETE, (most,))).rowcount
