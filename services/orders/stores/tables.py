"""Tables of stores, and of the organisations that this service works for."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Interval,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy import func as sql

from chassis.database.tenant_table import directory_table, tenant_table
from orders.tables import METADATA

# Secrets and credentials are sealed. The old secret signs as well until its end time. An empty api_address is https at
# the shop. api_credentials_time: when credentials were set or forgotten last. `version` is that of its StoreEvents, and
# its etag.
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
    Column("state", Text, nullable=False, server_default="CONNECTED"),
    Column("state_reason", Text, nullable=False, server_default=""),
    Column("reserve_when", Text, nullable=False, server_default="ON_ORDER"),
    Column("unpaid_expiry", Interval, nullable=False, server_default="0"),
    Column("old_webhook_secret", LargeBinary),
    Column("old_webhook_secret_end_time", DateTime(timezone=True)),
    Column("api_address", Text, nullable=False, server_default=""),
    Column("api_credentials", LargeBinary),
    Column("update_time", DateTime(timezone=True), nullable=False, server_default=sql.now()),
    Column("api_credentials_time", DateTime(timezone=True)),
    UniqueConstraint("organization_id", "provider", "shop", name="stores_shop_key"),
    CheckConstraint("provider IN ('SHOPIFY', 'WOOCOMMERCE')", name="stores_provider"),
    CheckConstraint("shop = lower(shop)", name="stores_shop_lower"),
    CheckConstraint("state IN ('CONNECTED', 'NEEDS_REAUTH', 'DISCONNECTED')", name="stores_state"),
    CheckConstraint("(state = 'CONNECTED') = (state_reason = '')", name="stores_state_reason"),
    CheckConstraint("reserve_when IN ('ON_ORDER', 'ON_PAYMENT')", name="stores_reserve_when"),
    CheckConstraint("unpaid_expiry >= interval '0'", name="stores_unpaid_expiry"),
    CheckConstraint(
        "(old_webhook_secret IS NULL) = (old_webhook_secret_end_time IS NULL)", name="stores_old_webhook_secret"
    ),
)

Index(
    "stores_old_webhook_secret",
    stores.c.old_webhook_secret_end_time,
    postgresql_where=stores.c.old_webhook_secret_end_time.is_not(None),
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
