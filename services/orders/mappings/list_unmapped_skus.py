"""ListUnmappedSkus."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.mappings import sql
from orders.mappings.sku import sku_key

MOST_SUGGESTIONS = 5


class SuggestedItem(NamedTuple):
    """An item that a SKU may mean."""

    item_id: UUID
    sku: str


@dataclass(frozen=True, slots=True)
class UnmappedSku:
    """A SKU that lines wait with for an item; how many orders and units, and since when the oldest."""

    sku: str
    order_count: int
    units: int
    oldest: datetime
    suggestions: tuple[SuggestedItem, ...]


async def list_unmapped_skus(tx: Transaction, after: str | None, limit: int) -> list[UnmappedSku]:
    """SKUs that lines of living orders wait with, from after this one on; two statements."""
    rows = await (await tx.execute(sql.UNMAPPED, {"after": after, "limit": limit})).fetchall()
    keys = sorted({sku_key(row.sku) for row in rows})
    alike: dict[str, list[SuggestedItem]] = {key: [] for key in keys}
    for row in await (await tx.execute(sql.ALIKE, (keys,))).fetchall():
        alike[row.key].append(SuggestedItem(row.id, row.sku))
    return [
        UnmappedSku(row.sku, row.orders, row.units, row.oldest, tuple(alike[sku_key(row.sku)][:MOST_SUGGESTIONS]))
        for row in rows
    ]
