"""The table of memberships, a directory: it leads from a person to the organisations they belong to."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, ForeignKeyConstraint, Index, Text, Uuid

from chassis.database.tenant_table import directory_table
from identity.tables import METADATA

memberships = directory_table(
    METADATA,
    "memberships",
    Column("user_id", Uuid, primary_key=True),
    Column("organization_id", Uuid, primary_key=True),
    Column("role", Text, nullable=False),
    Column("join_time", DateTime(timezone=True), nullable=False),
    Column("version", BigInteger, nullable=False, server_default="1"),
    ForeignKeyConstraint(["user_id"], ["users.id"], name="memberships_user_fkey"),
    ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"], name="memberships_organization_fkey"),
    CheckConstraint("role IN ('VIEWER', 'OPERATOR', 'MANAGER', 'ADMIN')", name="memberships_role"),
    Index("memberships_organization", "organization_id"),
)
