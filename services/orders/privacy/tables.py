"""Tables of what stores ask for people."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index, Text, Uuid
from sqlalchemy import func as sql
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.database.tenant_table import tenant_table
from orders.tables import METADATA

# `outcome` says what was found or erased; who was erased is not kept. after_order_id: how far the job has looked.
# create_time: when the delivery came in; record_time: when this was written.
privacy_requests = tenant_table(
    METADATA,
    "privacy_requests",
    Column("id", Uuid, nullable=False),
    Column("store_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("customer_external_id", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("order_external_ids", ARRAY(Text), nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    Column("done_time", DateTime(timezone=True)),
    Column("outcome", Text, nullable=False),
    Column("record_time", DateTime(timezone=True), nullable=False, server_default=sql.now()),
    Column("after_order_id", Uuid),
    Column("order_count", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("kind IN ('DATA_REQUEST', 'CUSTOMER_REDACT', 'SHOP_REDACT')", name="privacy_requests_kind"),
    CheckConstraint(
        "done_time IS NULL OR kind = 'DATA_REQUEST' OR (customer_external_id = '' AND email = '')",
        name="privacy_requests_forget",
    ),
)
Index("privacy_requests_open", privacy_requests.c.record_time, postgresql_where=privacy_requests.c.done_time.is_(None))
Index(
    "privacy_requests_latest",
    privacy_requests.c.organization_id,
    privacy_requests.c.create_time,
    privacy_requests.c.id,
)

# What a request found.
privacy_request_orders = tenant_table(
    METADATA,
    "privacy_request_orders",
    Column("request_id", Uuid, nullable=False),
    Column("order_id", Uuid, nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "request_id"],
        ["privacy_requests.organization_id", "privacy_requests.id"],
        name="privacy_request_orders_request_fkey",
    ),
    primary_key=("request_id", "order_id"),
)

# Orders whose people are not kept, known or not: what their store still says of them is taken without the person. An
# empty external id is every order of the store, as far as it was said before the time.
erased_orders = tenant_table(
    METADATA,
    "erased_orders",
    Column("store_id", Uuid, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("erase_time", DateTime(timezone=True), nullable=False),
    primary_key=("store_id", "external_id"),
)
