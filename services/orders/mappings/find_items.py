"""Which items the SKUs of stores mean."""

from collections.abc import Collection, Iterable
from hashlib import blake2b
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.errors import ItemNotFound
from orders.mappings import sql
from orders.mappings.items import Items, KnownSku
from orders.mappings.sku import sku_key


async def find_items(tx: Transaction, skus: Iterable[str]) -> Items:
    """The items of these SKUs. None appears for the others before the transaction ends: who adds one waits for it,
    and then sees the lines that it left UNMAPPED. To be called before any order is locked.
    """
    wanted = set(skus) - {""}
    items = await known_items(tx, wanted)
    missing = {sku for sku in wanted if items.of(sku).item_id is None}
    if missing:
        await tx.execute(sql.SHARE_SKUS, (locks(tx.organization, map(sku_key, missing)),))
        # A statement of its own: it sees what the locks waited for.
        items = await known_items(tx, wanted)
    return items


async def known_items(tx: Transaction, skus: Collection[str]) -> Items:
    """The items of these SKUs, as far as they are known now."""
    if not skus:
        return Items()
    keys = sorted({sku_key(sku) for sku in skus} - {""})
    rows = await (await tx.execute(sql.KNOWN, (keys, sorted(skus)))).fetchall()
    return Items(KnownSku(row.sku, row.id, row.by_hand) for row in rows)


async def skus_of(tx: Transaction, item_ids: Collection[UUID]) -> dict[UUID, str]:
    """The SKUs of items. Raises ItemNotFound."""
    if not item_ids:
        return {}
    found = await (await tx.execute(sql.ITEMS, (list(item_ids),))).fetchall()
    for unknown in sorted(set(item_ids) - {row.id for row in found}):
        raise ItemNotFound(unknown)
    return {row.id: row.sku for row in found}


def locks(organization: UUID, keys: Iterable[str]) -> list[int]:
    """The advisory locks of SKUs by their keys, in the order in which everybody takes them."""
    digests = (blake2b(f"sku\0{organization}\0{key}".encode(), digest_size=8).digest() for key in keys)
    return sorted({int.from_bytes(digest, signed=True) for digest in digests})
