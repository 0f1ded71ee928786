"""Tables of accounts: people belong to no single organisation, and are found by their address."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKeyConstraint, Integer, Text, UniqueConstraint, Uuid

from chassis.database.tenant_table import directory_table
from identity.tables import METADATA

users = directory_table(
    METADATA,
    "users",
    Column("id", Uuid, primary_key=True),
    Column("email", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    # Sessions of an earlier epoch are over, in every organisation.
    Column("session_epoch", Integer, nullable=False, server_default="1"),
    UniqueConstraint("email", name="users_email_key"),
    CheckConstraint("email = lower(email)", name="users_email_lower"),
)

credentials = directory_table(
    METADATA,
    "credentials",
    Column("user_id", Uuid, primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("update_time", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["user_id"], ["users.id"], name="credentials_user_fkey"),
    CheckConstraint("password_hash LIKE '$argon2id$%'", name="credentials_argon2id"),
)
