"""Tables of warehouses, and of the organisations that inventory knows."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.tenant_table import tenant_table
from inventory.tables import METADATA

organizations = tenant_table(
    METADATA,
    "organizations",
    Column("create_time", DateTime(timezone=True), nullable=False),
    # How many it has. Whoever shares them counts them: one that was made meanwhile is noticed.
    Column("warehouse_count", Integer, nullable=False, server_default="1"),
    Column("sourcing", Text, nullable=False, server_default="LINE_BY_LINE"),
    Column("take_partly", Boolean, nullable=False, server_default="false"),
    Column("sourcing_version", BigInteger, nullable=False, server_default="1"),
    CheckConstraint("sourcing IN ('LINE_BY_LINE', 'WHOLE_FROM_ONE', 'ONLY_FROM_ONE')", name="organizations_sourcing"),
    primary_key=(),
)

warehouses = tenant_table(
    METADATA,
    "warehouses",
    Column("id", Uuid, nullable=False),
    # Codes sort by their bytes, whatever the server's language.
    Column("code", Text(collation="C"), nullable=False),
    Column("name", Text, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("archived", Boolean, nullable=False, server_default="false"),
    # By the names of the contract's fields, without those that are empty.
    Column("address", JSONB),
    ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"], name="warehouses_organization_fkey"),
    UniqueConstraint("organization_id", "code", name="warehouses_code_key"),
    CheckConstraint("priority BETWEEN 0 AND 1000", name="warehouses_priority"),
    CheckConstraint("NOT (archived AND (open OR is_default))", name="warehouses_archived"),
)
Index(
    "warehouses_one_default",
    warehouses.c.organization_id,
    unique=True,
    postgresql_where=text("is_default"),
)
