"""Which item a line takes: the projection of inventory's items, as much of them as lines need, and mappings by hand."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Index, Text, Uuid

from chassis.database.tenant_table import tenant_table
from orders.tables import METADATA

items = tenant_table(
    METADATA,
    "items",
    Column("id", Uuid, nullable=False),
    Column("sku", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("sku_key", Text, nullable=False),
)
# Not unique: several SKUs have one key, and events of two items may cross while one takes over the other's SKU.
Index("items_sku_key", items.c.organization_id, items.c.sku_key)

# What people decided: which item a SKU of stores means, exactly as stores write it.
sku_mappings = tenant_table(
    METADATA,
    "sku_mappings",
    Column("sku", Text, nullable=False),
    Column("item_id", Uuid, nullable=False),
    Column("actor", Text, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "item_id"], ["items.organization_id", "items.id"], name="sku_mappings_item_fkey"
    ),
    primary_key=("sku",),
)

# SKUs of which people said something new: until this time a transaction that began before may still bring a line with
# the item of then.
moving_skus = tenant_table(
    METADATA,
    "moving_skus",
    Column("sku", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("until_time", DateTime(timezone=True), nullable=False),
    primary_key=("sku",),
)

# Keys of SKUs whose lines, in orders after this one, are left to the job that maps them.
unfinished_skus = tenant_table(
    METADATA,
    "unfinished_skus",
    Column("sku_key", Text, nullable=False),
    Column("after_order_id", Uuid, nullable=False),
    primary_key=("sku_key",),
)
