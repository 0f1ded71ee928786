"""Tables of deliveries and of what they ask for."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, LargeBinary, Text, Uuid

from chassis.database.tenant_table import tenant_table
from orders.tables import METADATA

# What applied deliveries were and led to, without what they said. Those that wait stand in the inbox alone.
deliveries = tenant_table(
    METADATA,
    "deliveries",
    Column("event_id", Uuid, nullable=False),
    Column("store_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("body_bytes", BigInteger, nullable=False),
    Column("body_sha256", LargeBinary, nullable=False),
    Column("receive_time", DateTime(timezone=True), nullable=False),
    Column("outcome", Text, nullable=False),
    primary_key=("event_id",),
)
_LATEST = (deliveries.c.receive_time, deliveries.c.event_id)
Index("deliveries_latest", deliveries.c.organization_id, *_LATEST)
Index("deliveries_of_store", deliveries.c.organization_id, deliveries.c.store_id, *_LATEST)
Index("deliveries_old", deliveries.c.receive_time)

# Orders that stores deleted, and when that was heard of. It may be heard before the order is.
deleted_orders = tenant_table(
    METADATA,
    "deleted_orders",
    Column("store_id", Uuid, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("delete_time", DateTime(timezone=True), nullable=False),
    primary_key=("store_id", "external_id"),
)

# What was last said of the risk of an order, by each who assessed it. It may be heard before the order is.
order_risks = tenant_table(
    METADATA,
    "order_risks",
    Column("store_id", Uuid, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("assessor", Text, nullable=False),
    Column("assess_time", DateTime(timezone=True), nullable=False),
    Column("high", Boolean, nullable=False),
    primary_key=("store_id", "external_id", "assessor"),
)

# Orders that stores are to be asked for. `wishes` grows with each reason that comes while one waits; a row without a
# next try waits for credentials.
refetches = tenant_table(
    METADATA,
    "refetches",
    Column("store_id", Uuid, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("wishes", BigInteger, nullable=False),
    Column("cause", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("failure", Text, nullable=False),
    Column("next_try_time", DateTime(timezone=True)),
    primary_key=("store_id", "external_id"),
)
Index("refetches_due", refetches.c.next_try_time, postgresql_where=refetches.c.next_try_time.is_not(None))
