"""The projection of inventory's items: as much of them as lines need."""

from sqlalchemy import BigInteger, Column, Index, Text, Uuid

from chassis.database.tenant_table import tenant_table
from orders.tables import METADATA

items = tenant_table(
    METADATA,
    "items",
    Column("id", Uuid, nullable=False),
    Column("sku", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
)
# Not unique: events of two items may cross while one takes over the other's SKU.
Index("items_sku", items.c.organization_id, items.c.sku)

# Items whose appearance left lines to the job that maps them.
unfinished_items = tenant_table(
    METADATA, "unfinished_items", Column("item_id", Uuid, nullable=False), primary_key=("item_id",)
)
