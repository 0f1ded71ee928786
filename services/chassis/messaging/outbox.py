"""Events out: written in the transaction of what they tell, published by the relay.

The columns are those of Debezium's outbox, so that a large installation can move to change data capture:
aggregatetype is the topic (the message's full name), aggregateid the record's key, type what happened.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Identity, Index, LargeBinary, Text, Uuid, func

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
    tx.wrote_outbox = True


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
