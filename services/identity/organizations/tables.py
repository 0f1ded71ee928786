"""The table of organisations: each sees its own row."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Text, text

from chassis.database.tenant_table import tenant_table
from identity.tables import METADATA

organizations = tenant_table(
    METADATA,
    "organizations",
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    Column("state_time", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("state_why", Text, nullable=False, server_default=""),
    CheckConstraint("state IN ('ACTIVE', 'PAST_DUE', 'SUSPENDED', 'CLOSED')", name="organizations_state"),
    CheckConstraint("version > 0", name="organizations_version"),
    # Serves the list of those whose people are refused.
    Index("organizations_not_active", "state_time", postgresql_where=text("state <> 'ACTIVE'")),
    primary_key=(),
)
