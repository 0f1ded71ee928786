"""Tables of stores, and of the organisations that this service works for."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, LargeBinary, Text, UniqueConstraint, Uuid

from chassis.database.tenant_table import directory_table, tenant_table
from orders.tables import METADATA

# webhook_secret is sealed; `version` is that of its StoreEvents.
stores = tenant_table(
    METADATA,
    "stores",
    Column("id", Uuid, nullable=False),
    Column("provider", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("shop", Text, nullable=False),
    Column("webhook_secret", LargeBinary, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    UniqueConstraint("organization_id", "provider", "shop", name="stores_shop_key"),
    CheckConstraint("provider IN ('SHOPIFY')", name="stores_provider"),
    CheckConstraint("shop = lower(shop)", name="stores_shop_lower"),
)

# Read before the organisation is known: whose store an address names.
store_directory = directory_table(
    METADATA,
    "store_directory",
    Column("store_id", Uuid, primary_key=True),
    Column("organization_id", Uuid, nullable=False),
)

# Organisations that identity has told of; `version` is that of the last event applied.
organizations = tenant_table(
    METADATA,
    "organizations",
    Column("state", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    CheckConstraint("state IN ('ACTIVE', 'SUSPENDED', 'CLOSED')", name="organizations_state"),
    primary_key=(),
)
