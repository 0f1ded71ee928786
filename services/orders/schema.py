"""Every table of this service."""

from orders.holds.tables import order_holds
from orders.mappings.tables import items, moving_skus, sku_mappings, unfinished_skus
from orders.notes.tables import order_notes
from orders.orders.tables import (
    customers,
    following_stores,
    order_lines,
    order_terms,
    order_timeline,
    orders,
)
from orders.privacy.tables import erased_orders, privacy_request_orders, privacy_requests
from orders.stores.tables import organizations, store_directory, stores
from orders.tables import METADATA
from orders.webhooks.tables import deleted_orders, deliveries, order_risks, refetches

__all__ = [
    "DIRECTORY",
    "METADATA",
    "customers",
    "deleted_orders",
    "deliveries",
    "erased_orders",
    "following_stores",
    "items",
    "moving_skus",
    "order_holds",
    "order_lines",
    "order_notes",
    "order_risks",
    "order_terms",
    "order_timeline",
    "orders",
    "organizations",
    "privacy_request_orders",
    "privacy_requests",
    "refetches",
    "sku_mappings",
    "store_directory",
    "stores",
    "unfinished_skus",
]

# Read before the organisation is known; it holds ids alone. No other table may be without a policy.
DIRECTORY = frozenset({store_directory.name})
