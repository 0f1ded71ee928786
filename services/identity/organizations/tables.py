"""The table of organisations: each sees its own row."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Text

from chassis.database.tenant_table import tenant_table
from identity.tables import METADATA

organizations = tenant_table(
    METADATA,
    "organizations",
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('ACTIVE', 'SUSPENDED', 'CLOSED')", name="organizations_state"),
    CheckConstraint("version > 0", name="organizations_version"),
    primary_key=(),
)
