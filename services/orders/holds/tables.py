"""The table of holds: those of people, and those that stores placed. An order counts its own."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKeyConstraint, Index, Text, Uuid

from chassis.database.tenant_table import tenant_table
from orders.tables import METADATA

order_holds = tenant_table(
    METADATA,
    "order_holds",
    Column("order_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    Column("of_store", Boolean, nullable=False, server_default="false"),
    ForeignKeyConstraint(
        ["organization_id", "order_id"], ["orders.organization_id", "orders.id"], name="order_holds_order_fkey"
    ),
    primary_key=("order_id", "id"),
)
Index(
    "order_holds_of_store",
    order_holds.c.organization_id,
    order_holds.c.order_id,
    order_holds.c.reason,
    unique=True,
    postgresql_where=order_holds.c.of_store,
)
