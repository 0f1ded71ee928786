"""The table of items."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Integer, Text, UniqueConstraint, Uuid

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
    Column("category", Text, nullable=False, server_default=""),
    Column("image_url", Text, nullable=False, server_default=""),
    Column("weight_grams", BigInteger, nullable=False, server_default="0"),
    Column("length_mm", Integer, nullable=False, server_default="0"),
    Column("width_mm", Integer, nullable=False, server_default="0"),
    Column("height_mm", Integer, nullable=False, server_default="0"),
    # In minor units of its currency; null when nobody has said.
    Column("unit_cost", BigInteger),
    Column("unit_cost_currency", Text, nullable=False, server_default=""),
    Column("hs_code", Text, nullable=False, server_default=""),
    Column("origin_country", Text, nullable=False, server_default=""),
    UniqueConstraint("organization_id", "sku", name="items_sku_key"),
    CheckConstraint("version > 0", name="items_version"),
    CheckConstraint("safety_stock >= 0 AND reorder_point >= 0", name="items_held_back"),
    CheckConstraint("weight_grams >= 0 AND length_mm >= 0 AND width_mm >= 0 AND height_mm >= 0", name="items_measures"),
    CheckConstraint("unit_cost >= 0 AND (unit_cost IS NULL) = (unit_cost_currency = '')", name="items_unit_cost"),
)
Index("items_watched", items.c.organization_id, items.c.sku, postgresql_where=items.c.reorder_point > 0)
Index("items_of_category", items.c.organization_id, items.c.category, items.c.sku)
