"""Tables of orders. What people wrote stands in `orders`, `order_lines`, `order_terms` and `order_timeline` alone."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database.tenant_table import tenant_table
from orders.tables import METADATA

# Who bought, without what they are called: that stands in each order as its store gave it. A guest has no external id,
# and is a customer of one order.
customers = tenant_table(
    METADATA,
    "customers",
    Column("id", Uuid, nullable=False),
    Column("store_id", Uuid),
    Column("external_id", Text),
    Column("create_time", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "store_id"], ["stores.organization_id", "stores.id"], name="customers_store_fkey"
    ),
    CheckConstraint("store_id IS NOT NULL OR external_id IS NULL", name="customers_known_to_store"),
)
Index(
    "customers_external_id",
    customers.c.organization_id,
    customers.c.store_id,
    customers.c.external_id,
    unique=True,
    postgresql_where=customers.c.external_id.is_not(None),
)

# source: who gives out external_id: "store:{id}", or "manual" for orders that were entered here and have no store.
# snapshot_*: the rank of the greatest snapshot. store_cancel_*: what it says; cancel_*: what was decided here.
# stock_*: the latest StockEvent. Amounts are minor units of `currency`, presentment_* of `presentment_currency`.
orders = tenant_table(
    METADATA,
    "orders",
    Column("id", Uuid, nullable=False),
    Column("store_id", Uuid),
    Column("source", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("snapshot_time", DateTime(timezone=True), nullable=False),
    Column("snapshot_cancelled", Boolean, nullable=False),
    Column("snapshot_refunded", Boolean, nullable=False),
    Column("snapshot_paid", Boolean, nullable=False),
    Column("snapshot_closed", Boolean, nullable=False),
    Column("snapshot_digest", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("order_time", DateTime(timezone=True), nullable=False),
    Column("payment_status", Text, nullable=False),
    Column("store_cancel_time", DateTime(timezone=True)),
    Column("store_cancel_reason", Text),
    Column("currency", Text, nullable=False),
    Column("subtotal", BigInteger, nullable=False),
    Column("discount", BigInteger, nullable=False),
    Column("shipping", BigInteger, nullable=False),
    Column("tax", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("presentment_currency", Text, nullable=False),
    Column("presentment_subtotal", BigInteger, nullable=False),
    Column("presentment_discount", BigInteger, nullable=False),
    Column("presentment_shipping", BigInteger, nullable=False),
    Column("presentment_tax", BigInteger, nullable=False),
    Column("presentment_total", BigInteger, nullable=False),
    Column("taxes_included", Boolean, nullable=False),
    Column("totals_mismatch", Boolean, nullable=False),
    Column("customer_id", Uuid),
    Column("customer_external_id", Text, nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("customer_email", Text, nullable=False),
    Column("customer_phone", Text, nullable=False),
    Column("shipping_address", JSONB),
    Column("billing_address", JSONB),
    Column("note", Text, nullable=False),
    Column("tags", ARRAY(Text), nullable=False),
    Column("shipping_lines", JSONB, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("pay_on_delivery", Boolean, nullable=False, server_default="false"),
    Column("awaiting_payment", Boolean, nullable=False, server_default="false"),
    Column("reservation_due_time", DateTime(timezone=True)),
    Column("own_tags", ARRAY(Text), nullable=False, server_default="{}"),
    Column("own_shipping_address", JSONB),
    Column("hold_count", Integer, nullable=False, server_default="0"),
    Column("store_on_hold", Boolean, nullable=False, server_default="false"),
    Column("high_risk", Boolean, nullable=False, server_default="false"),
    Column("store_holds", ARRAY(Text), nullable=False, server_default="{}"),
    Column("released_store_holds", ARRAY(Text), nullable=False, server_default="{}"),
    Column("cancel_time", DateTime(timezone=True)),
    Column("cancel_reason", Text),
    Column("stock_revision", BigInteger),
    Column("stock_version", BigInteger),
    Column("stock_state", Text),
    Column("stock_shortage", Text, nullable=False),
    Column("fulfillment_status", Text, nullable=False),
    Column("short_reason", Text, nullable=False),
    Column("line_count", Integer, nullable=False),
    Column("unmapped_line_count", Integer, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("version_time", DateTime(timezone=True), nullable=False),
    Column("etag", BigInteger, nullable=False),
    Column("timeline_length", BigInteger, nullable=False),
    Column("create_time", DateTime(timezone=True), nullable=False),
    Column("update_time", DateTime(timezone=True), nullable=False),
    UniqueConstraint("organization_id", "source", "external_id", name="orders_ingest_key"),
    ForeignKeyConstraint(
        ["organization_id", "store_id"], ["stores.organization_id", "stores.id"], name="orders_store_fkey"
    ),
    ForeignKeyConstraint(
        ["organization_id", "customer_id"], ["customers.organization_id", "customers.id"], name="orders_customer_fkey"
    ),
    CheckConstraint(
        "payment_status IN"
        " ('PENDING', 'AUTHORIZED', 'PARTIALLY_PAID', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED')",
        name="orders_payment_status",
    ),
    CheckConstraint(
        "fulfillment_status IN ('NEW', 'RESERVED', 'SHORT', 'NOTHING_TO_SHIP', 'CANCELLED', 'AWAITING_PAYMENT')",
        name="orders_fulfillment_status",
    ),
    CheckConstraint("stock_state IN ('RESERVED', 'SHORT', 'CLOSED')", name="orders_stock_state"),
    CheckConstraint(
        "(fulfillment_status = 'CANCELLED') = (cancel_time IS NOT NULL OR store_cancel_time IS NOT NULL)",
        name="orders_cancelled",
    ),
    CheckConstraint("(fulfillment_status = 'SHORT') = (short_reason <> '')", name="orders_short_reason"),
    CheckConstraint("version >= 1 AND etag >= 1", name="orders_version"),
    CheckConstraint("(source = 'manual') = (store_id IS NULL)", name="orders_source"),
    CheckConstraint("hold_count >= 0", name="orders_hold_count"),
)
# Each list of orders is latest first.
_LATEST = (orders.c.order_time, orders.c.id)
Index("orders_latest", orders.c.organization_id, *_LATEST)
Index("orders_latest_in_status", orders.c.organization_id, orders.c.fulfillment_status, *_LATEST)
Index("orders_latest_in_payment_status", orders.c.organization_id, orders.c.payment_status, *_LATEST)
Index("orders_latest_of_store", orders.c.organization_id, orders.c.store_id, *_LATEST)
Index("orders_latest_unmapped", orders.c.organization_id, *_LATEST, postgresql_where=orders.c.unmapped_line_count > 0)
Index("orders_latest_on_hold", orders.c.organization_id, *_LATEST, postgresql_where=orders.c.hold_count > 0)
# For the finder, across organisations.
Index(
    "orders_reservation_due",
    orders.c.reservation_due_time,
    postgresql_where=orders.c.reservation_due_time.is_not(None) & ~orders.c.awaiting_payment,
)

Index(
    "orders_unpaid_of_store",
    orders.c.organization_id,
    orders.c.store_id,
    orders.c.id,
    postgresql_where=orders.c.payment_status.in_(["PENDING", "VOIDED"])
    & ~orders.c.pay_on_delivery
    & (orders.c.fulfillment_status != "CANCELLED"),
)

# Which orders name a customer, asked for each that is forgotten, by the foreign key too.
Index(
    "orders_of_customer",
    orders.c.organization_id,
    orders.c.customer_id,
    postgresql_where=orders.c.customer_id.is_not(None),
)

# Stores whose policy changed, and after which of their unpaid orders, by whom, the rest is still to follow.
following_stores = tenant_table(
    METADATA,
    "following_stores",
    Column("store_id", Uuid, nullable=False),
    Column("after_order_id", Uuid, nullable=False),
    Column("due_time", DateTime(timezone=True), nullable=False),
    Column("again", Boolean, nullable=False),
    Column("actor", Text, nullable=False),
    primary_key=("store_id",),
)

# kind to tax: what the store says. in_store: whether its greatest snapshot names the line. edit_*: what was decided
# here. sku_key: by what the SKU that is sent finds its item; candidates: SKUs of items alike, where none is the one.
# open: units still to be taken from stock, with what was decided here. item_given: the item was named itself.
order_lines = tenant_table(
    METADATA,
    "order_lines",
    Column("order_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("external_id", Text, nullable=False),
    Column("sku", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("variant_title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("item_id", Uuid),
    Column("ordered", BigInteger, nullable=False),
    Column("wanted", BigInteger, nullable=False),
    Column("fulfilled", BigInteger, nullable=False),
    Column("reserved", BigInteger, nullable=False),
    Column("unit_price", BigInteger, nullable=False),
    Column("discount", BigInteger, nullable=False),
    Column("tax", BigInteger, nullable=False),
    Column("in_store", Boolean, nullable=False, server_default="true"),
    Column("edit_base", BigInteger),
    Column("edit_wanted", BigInteger),
    Column("edit_sku", Text),
    Column("candidates", ARRAY(Text), nullable=False, server_default="{}"),
    Column("sku_key", Text, nullable=False),
    Column("open", BigInteger, nullable=False),
    Column("item_given", Boolean, nullable=False, server_default="false"),
    Column("reserved_at", JSONB, nullable=False, server_default="[]"),
    UniqueConstraint("organization_id", "order_id", "external_id", name="order_lines_external_id"),
    ForeignKeyConstraint(
        ["organization_id", "order_id"], ["orders.organization_id", "orders.id"], name="order_lines_order_fkey"
    ),
    CheckConstraint("kind IN ('STOCKED', 'NOT_SHIPPED', 'FULFILLED_ELSEWHERE', 'CUSTOM')", name="order_lines_kind"),
    CheckConstraint("kind = 'STOCKED' OR item_id IS NULL", name="order_lines_item_of_stocked"),
    CheckConstraint(
        "ordered >= 0 AND reserved >= 0 AND fulfilled >= 0 AND wanted >= fulfilled", name="order_lines_units"
    ),
    CheckConstraint(
        "(edit_base IS NULL) = (edit_wanted IS NULL) AND (edit_base IS NOT NULL OR edit_sku IS NULL)"
        " AND edit_base >= 0 AND edit_wanted >= 0",
        name="order_lines_edit",
    ),
    primary_key=("order_id", "id"),
)
Index(
    "order_lines_unmapped",
    order_lines.c.organization_id,
    order_lines.c.sku_key,
    postgresql_where=(order_lines.c.kind == "STOCKED") & order_lines.c.item_id.is_(None),
)
# Lines that follow what people say of their SKU.
Index(
    "order_lines_of_sku",
    order_lines.c.organization_id,
    order_lines.c.sku_key,
    postgresql_where=(order_lines.c.kind == "STOCKED")
    & ~order_lines.c.item_given
    & ((order_lines.c.fulfilled == 0) | order_lines.c.item_id.is_(None)),
)

# By what an order is found: the beginnings of `term`, see search.py. Sorted by code points whatever the database's
# language is, for only then does an index serve beginnings.
order_terms = tenant_table(
    METADATA,
    "order_terms",
    Column("term", Text(collation="C"), nullable=False),
    Column("order_id", Uuid, nullable=False),
    ForeignKeyConstraint(
        ["organization_id", "order_id"], ["orders.organization_id", "orders.id"], name="order_terms_order_fkey"
    ),
    primary_key=("term", "order_id"),
)
Index("order_terms_of_order", order_terms.c.organization_id, order_terms.c.order_id, order_terms.c.term)

order_timeline = tenant_table(
    METADATA,
    "order_timeline",
    Column("order_id", Uuid, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("event", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("old_value", Text, nullable=False, server_default=""),
    Column("new_value", Text, nullable=False, server_default=""),
    ForeignKeyConstraint(
        ["organization_id", "order_id"], ["orders.organization_id", "orders.id"], name="order_timeline_order_fkey"
    ),
    primary_key=("order_id", "position"),
)
