"""The table of signing keys, a directory: they sign for every organisation."""

from sqlalchemy import CheckConstraint, Column, DateTime, LargeBinary, Text

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
