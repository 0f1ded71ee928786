"""Tables of sessions. Refresh tokens and failed sign-ins are read before the organisation is known: directories."""

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
)

from chassis.database.tenant_table import directory_table, tenant_table
from identity.tables import METADATA

sessions = tenant_table(
    METADATA,
    "sessions",
    Column("id", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("epoch", Integer, nullable=False, server_default="1"),
    Column("generation", Integer, nullable=False),
    Column("sealed_token", LargeBinary),
    Column("create_time", DateTime(timezone=True), nullable=False),
    Column("rotate_time", DateTime(timezone=True), nullable=False),
    Column("expire_time", DateTime(timezone=True), nullable=False),
    Column("absolute_expire_time", DateTime(timezone=True), nullable=False),
    Column("end_time", DateTime(timezone=True)),
    Column("end_reason", Text),
    Column("device", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),
    ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"], name="sessions_organization_fkey"),
    ForeignKeyConstraint(["user_id"], ["users.id"], name="sessions_user_fkey"),
    CheckConstraint("generation > 0", name="sessions_generation"),
    CheckConstraint("expire_time <= absolute_expire_time", name="sessions_expire_time"),
    CheckConstraint(
        "end_reason IN ('SIGNED_OUT', 'TOKEN_REUSED', 'ENDED_BY_ADMIN', 'MEMBERSHIP_ENDED')",
        name="sessions_end_reason",
    ),
    CheckConstraint("(end_time IS NULL) = (end_reason IS NULL)", name="sessions_ended_with_reason"),
    CheckConstraint("end_time IS NULL OR sealed_token IS NULL", name="sessions_ended_without_token"),
    CheckConstraint("length(device) <= 80", name="sessions_device"),
    CheckConstraint("length(address) <= 64", name="sessions_address"),
    # Serves the job that deletes sessions long over.
    Index("sessions_expire_time", "expire_time"),
    # Serves a person's list.
    Index("sessions_user", "organization_id", "user_id", "id"),
)

refresh_tokens = directory_table(
    METADATA,
    "refresh_tokens",
    Column("token_hash", LargeBinary, primary_key=True),
    Column("organization_id", Uuid, nullable=False),
    Column("session_id", Uuid, nullable=False),
    Column("generation", Integer, nullable=False),
    # One token per generation: with the session's own generation that makes one live token per session.
    UniqueConstraint("organization_id", "session_id", "generation", name="refresh_tokens_generation_key"),
    ForeignKeyConstraint(
        ["organization_id", "session_id"],
        ["sessions.organization_id", "sessions.id"],
        name="refresh_tokens_session_fkey",
        ondelete="CASCADE",
    ),
    CheckConstraint("octet_length(token_hash) = 32", name="refresh_tokens_sha256"),
)

sign_in_failures = directory_table(
    METADATA,
    "sign_in_failures",
    Column("email_hash", LargeBinary, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("last_time", DateTime(timezone=True), nullable=False),
    Column("locked_until", DateTime(timezone=True)),
    CheckConstraint("octet_length(email_hash) = 32", name="sign_in_failures_sha256"),
    # Serves the job that forgets old failures.
    Index("sign_in_failures_last_time", "last_time"),
)
