"""The table of invitations. An organisation has one open invitation for an address."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from chassis.database.tenant_table import tenant_table
from identity.tables import METADATA

invitations = tenant_table(
    METADATA,
    "invitations",
    Column("id", Uuid, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("token_hash", LargeBinary, nullable=False),
    Column("send_count", Integer, nullable=False),
    Column("invited_by", Uuid, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    Column("expire_time", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"], name="invitations_organization_fkey"),
    UniqueConstraint("organization_id", "token_hash", name="invitations_token_key"),
    CheckConstraint("octet_length(token_hash) = 32", name="invitations_sha256"),
    CheckConstraint("email = lower(email)", name="invitations_email_lower"),
    CheckConstraint("role IN ('VIEWER', 'OPERATOR', 'MANAGER', 'ADMIN')", name="invitations_role"),
    CheckConstraint("state IN ('PENDING', 'ACCEPTED', 'REVOKED')", name="invitations_state"),
    # Serves the job that deletes invitations long over.
    Index("invitations_expire_time", "expire_time"),
    Index("invitations_open", "organization_id", "email", unique=True, postgresql_where=text("state = 'PENDING'")),
)
