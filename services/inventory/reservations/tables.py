"""Tables of demands and of what is reserved for them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.tenant_table import tenant_table
from inventory.tables import METADATA

_DEMAND = ["demands.organization_id", "demands.id"]

demands = tenant_table(
    METADATA,
    "demands",
    Column("id", Uuid, nullable=False),
    Column("owner", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("closed", Boolean, nullable=False),
    # [{"line_id", "item_id", "wanted", "claimed"}]: what the version wants, always read and written whole.
    Column("lines", JSONB, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    Column("update_time", DateTime(timezone=True), nullable=False),
    # By the server's time. `expired`: it ended by that.
    Column("expire_time", DateTime(timezone=True)),
    Column("expired", Boolean, nullable=False, server_default="false"),
    # Its units were taken by force: nothing is reserved for it in this version.
    Column("held_off", Boolean, nullable=False, server_default="false"),
    CheckConstraint("owner IN ('ORDERS', 'API')", name="demands_owner"),
    CheckConstraint("version > 0 AND revision > 0", name="demands_version"),
    CheckConstraint("NOT expired OR (closed AND expire_time IS NOT NULL)", name="demands_expired"),
)
Index(
    "demands_expiring",
    demands.c.expire_time,
    postgresql_where=text("expire_time IS NOT NULL AND NOT closed"),
)

reservations = tenant_table(
    METADATA,
    "reservations",
    Column("demand_id", Uuid, nullable=False),
    Column("id", BigInteger, Identity(always=True), nullable=False),
    Column("line_id", Text, nullable=False),
    Column("item_id", Uuid, nullable=False),
    Column("warehouse_id", Uuid, nullable=False),
    Column("quantity", BigInteger, nullable=False),
    Column("consumed", BigInteger, nullable=False),
    Column("released", BigInteger, nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    # ACTIVE while a rest remains.
    Column("active", Boolean, Computed("quantity > consumed + released", persisted=True), nullable=False),
    ForeignKeyConstraint(["organization_id", "demand_id"], _DEMAND, name="reservations_demand_fkey"),
    ForeignKeyConstraint(
        ["organization_id", "item_id", "warehouse_id"],
        ["levels.organization_id", "levels.item_id", "levels.warehouse_id"],
        name="reservations_level_fkey",
    ),
    CheckConstraint("quantity > 0 AND consumed >= 0 AND released >= 0", name="reservations_quantities"),
    CheckConstraint("consumed + released <= quantity", name="reservations_end_once"),
    primary_key=("demand_id", "id"),
)
Index(
    "reservations_one_active",
    reservations.c.organization_id,
    reservations.c.demand_id,
    reservations.c.line_id,
    reservations.c.warehouse_id,
    unique=True,
    postgresql_where=reservations.c.active,
)
Index(
    "reservations_of_level",
    reservations.c.organization_id,
    reservations.c.item_id,
    reservations.c.warehouse_id,
    postgresql_where=reservations.c.active,
)
