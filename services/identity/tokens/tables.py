"""Tables of tokens, directories both: keys sign for every organisation, and a person may be in many."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, LargeBinary, Text, Uuid

from chassis.database.tenant_table import directory_table
from identity.tables import METADATA

signing_keys = directory_table(
    METADATA,
    "signing_keys",
    Column("id", Text, primary_key=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sealed_private_key", LargeBinary, nullable=False),
    Column("sign_time", DateTime(timezone=True), nullable=False),
    Column("retire_time", DateTime(timezone=True)),
    CheckConstraint("octet_length(public_key) = 32", name="signing_keys_ed25519"),
    CheckConstraint("retire_time > sign_time", name="signing_keys_retire_time"),
)

revocations = directory_table(
    METADATA,
    "revocations",
    Column("kind", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("revoke_time", DateTime(timezone=True), nullable=False),
    CheckConstraint("kind IN ('SESSION', 'USER')", name="revocations_kind"),
    Index("revocations_revoke_time", "kind", "revoke_time"),
)
