"""Tables of levels and of the ledger. `ledger.py` alone moves units."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Text,
    Uuid,
)

from chassis.database.tenant_table import tenant_table
from inventory.tables import METADATA

levels = tenant_table(
    METADATA,
    "levels",
    Column("item_id", Uuid, nullable=False),
    Column("warehouse_id", Uuid, nullable=False),
    Column("on_hand", BigInteger, nullable=False, server_default="0"),
    Column("reserved", BigInteger, nullable=False, server_default="0"),
    Column("damaged", BigInteger, nullable=False, server_default="0"),
    Column("quarantined", BigInteger, nullable=False, server_default="0"),
    # Units were there that the books did not have, and nobody has counted since.
    Column("count_due", Boolean, nullable=False, server_default="false"),
    Column("update_time", DateTime(timezone=True)),
    # Held back from new reservations, beside what the item holds back of all warehouses together.
    Column("safety_stock", BigInteger, nullable=False, server_default="0"),
    ForeignKeyConstraint(
        ["organization_id", "item_id"], ["items.organization_id", "items.id"], name="levels_item_fkey"
    ),
    ForeignKeyConstraint(
        ["organization_id", "warehouse_id"],
        ["warehouses.organization_id", "warehouses.id"],
        name="levels_warehouse_fkey",
    ),
    CheckConstraint("reserved >= 0", name="levels_reserved"),
    CheckConstraint("damaged >= 0", name="levels_damaged"),
    CheckConstraint("quarantined >= 0", name="levels_quarantined"),
    CheckConstraint("reserved + damaged + quarantined <= on_hand", name="levels_no_unit_twice"),
    CheckConstraint("safety_stock >= 0", name="levels_safety_stock"),
    primary_key=("item_id", "warehouse_id"),
)

ledger = tenant_table(
    METADATA,
    "ledger",
    Column("item_id", Uuid, nullable=False),
    Column("warehouse_id", Uuid, nullable=False),
    Column("position", BigInteger, Identity(always=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("on_hand_delta", BigInteger, nullable=False),
    Column("reserved_delta", BigInteger, nullable=False),
    Column("damaged_delta", BigInteger, nullable=False),
    Column("quarantined_delta", BigInteger, nullable=False, server_default="0"),
    Column("on_hand_after", BigInteger, nullable=False),
    Column("reserved_after", BigInteger, nullable=False),
    Column("damaged_after", BigInteger, nullable=False),
    Column("quarantined_after", BigInteger, nullable=False, server_default="0"),
    Column("cause", Text, nullable=False),
    Column("demand_id", Uuid),
    Column("actor", Text, nullable=False),
    Column("impersonator", Text),
    Column("note", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "item_id", "warehouse_id"],
        ["levels.organization_id", "levels.item_id", "levels.warehouse_id"],
        name="ledger_level_fkey",
    ),
    CheckConstraint(
        "kind IN ('ADJUSTED', 'RESERVED', 'RELEASED', 'CONSUMED', 'SHIPPED_UNRESERVED', 'FOUND', 'COUNTED', "
        "'CONDITION_CHANGED', 'FULFILLMENT_CANCELLED')",
        name="ledger_kind",
    ),
    CheckConstraint("reserved_after >= 0 AND damaged_after >= 0 AND quarantined_after >= 0", name="ledger_after"),
    CheckConstraint("reserved_after + damaged_after + quarantined_after <= on_hand_after", name="ledger_no_unit_twice"),
    primary_key=("item_id", "warehouse_id", "position"),
)
