"""Show items by SKU."""

from collections.abc import Sequence

from chassis.database.transaction import Transaction
from inventory.items import sql
from inventory.items.item import Item


async def list_items(
    tx: Transaction, *, sku: str = "", category: str = "", after: str | None = None, limit: int
) -> Sequence[Item]:
    """At most so many items after a SKU; only the one with exactly this `sku`, those of this category, unless empty."""
    return await sql.select_items(tx, sku or None, category or None, after, limit)
