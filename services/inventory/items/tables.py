"""The table of items."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Text, UniqueConstraint, Uuid

from chassis.database.tenant_table import tenant_table
from inventory.tables import METADATA

items = tenant_table(
    METADATA,
    "items",
    Column("id", Uuid, nullable=False),
    # SKUs are told apart and sorted by their bytes, whatever the server's language.
    Column("sku", Text(collation="C"), nullable=False),
    Column("name", Text, nullable=False),
    Column("barcode", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    Column("safety_stock", BigInteger, nullable=False, server_default="0"),
    Column("reorder_point", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("organization_id", "sku", name="items_sku_key"),
    CheckConstraint("version > 0", name="items_version"),
    CheckConstraint("safety_stock >= 0 AND reorder_point >= 0", name="items_held_back"),
)
Index("items_watched", items.c.organization_id, items.c.sku, postgresql_where=items.c.reorder_point > 0)
