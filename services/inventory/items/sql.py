"""Statements on items."""

from collections.abc import Sequence
from dataclasses import astuple, fields
from typing import Any
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.items.item import Details, Item

_OWN = "id, sku, name, barcode, version, create_time, safety_stock, reorder_point"
_DETAILS = [field.name for field in fields(Details)]
_COLUMNS = ", ".join([_OWN, *_DETAILS])

# Waits until another one with the same SKU has ended one way or the other.
_INSERT = f"""
INSERT INTO items (organization_id, {_COLUMNS}) VALUES (%s{", %s" * len(_COLUMNS.split(","))})
ON CONFLICT (organization_id, sku) DO NOTHING"""

_WITH_SKU = "SELECT id FROM items WHERE organization_id = %s AND sku = %s"

_ITEM = f"SELECT {_COLUMNS} FROM items WHERE organization_id = %s AND id = %s"

_LOCK = _ITEM + " FOR NO KEY UPDATE"

_UPDATE = f"""
UPDATE items SET name = %s, barcode = %s, version = %s, safety_stock = %s, reorder_point = %s,
    ({", ".join(_DETAILS)}) = ({", ".join(["%s"] * len(_DETAILS))})
WHERE organization_id = %s AND id = %s"""

_ITEMS = f"""
SELECT {_COLUMNS} FROM items
WHERE organization_id = %(organization)s
    AND (%(sku)s::text IS NULL OR sku = %(sku)s)
    AND (%(category)s::text IS NULL OR category = %(category)s)
    AND (%(after)s::text IS NULL OR sku > %(after)s)
ORDER BY sku
LIMIT %(limit)s"""

_PAGE = f"""
SELECT {_COLUMNS} FROM items
WHERE organization_id = %(organization)s
    AND (%(only)s::uuid IS NULL OR id = %(only)s)
    AND (%(after)s::uuid IS NULL OR id > %(after)s)
ORDER BY id
LIMIT %(limit)s"""


async def insert_item(tx: Transaction, item: Item) -> bool:
    """Add an item; False when its SKU is taken."""
    *own, details = astuple(item)
    return (await tx.execute(_INSERT, (tx.organization, *own, *details))).rowcount > 0


async def lock_item(tx: Transaction, item_id: UUID) -> Item | None:
    """An item, locked."""
    row = await (await tx.execute(_LOCK, (tx.organization, item_id), binary=True)).fetchone()
    return _item(row) if row else None


async def update_item(tx: Transaction, item: Item) -> None:
    """Bring a locked item to this state."""
    values = (item.name, item.barcode, item.version, item.safety_stock, item.reorder_point, *astuple(item.details))
    await tx.execute(_UPDATE, (*values, tx.organization, item.id))


async def id_of_sku(tx: Transaction, sku: str) -> UUID:
    """The item that has a SKU which is taken."""
    row = await (await tx.execute(_WITH_SKU, (tx.organization, sku), binary=True)).fetchone()
    if row is None:
        raise LookupError(f"no item has the SKU {sku}")
    return UUID(str(row.id))


async def select_item(tx: Transaction, item_id: UUID) -> Item | None:
    """An item."""
    row = await (await tx.execute(_ITEM, (tx.organization, item_id), binary=True)).fetchone()
    return _item(row) if row else None


async def select_items(
    tx: Transaction, sku: str | None, category: str | None, after: str | None, limit: int
) -> Sequence[Item]:
    """Items by SKU, after this one; only the one with this SKU, those of this category."""
    values = {"organization": tx.organization, "sku": sku, "category": category, "after": after, "limit": limit}
    return [_item(row) for row in await (await tx.execute(_ITEMS, values, binary=True)).fetchall()]


async def page_of_items(tx: Transaction, only: UUID | None, after: UUID | None, limit: int) -> Sequence[Item]:
    """Items by id, after this one; only this one."""
    values = {"organization": tx.organization, "only": only, "after": after, "limit": limit}
    return [_item(row) for row in await (await tx.execute(_PAGE, values, binary=True)).fetchall()]


def _item(row: Any) -> Item:
    own = len(row) - len(_DETAILS)
    values = (*row[:own], Details(*row[own:]))
    return Item(*values)
