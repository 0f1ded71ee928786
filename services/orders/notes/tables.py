"""The table of notes."""

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Text, Uuid

from chassis.database.tenant_table import tenant_table
from orders.tables import METADATA

order_notes = tenant_table(
    METADATA,
    "order_notes",
    Column("order_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("text", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "order_id"], ["orders.organization_id", "orders.id"], name="order_notes_order_fkey"
    ),
    primary_key=("order_id", "id"),
)
