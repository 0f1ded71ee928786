"""Which items lines take: the item whose SKU is exactly the line's."""

from collections.abc import Iterable
from hashlib import blake2b
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.mappings import sql


async def find_items(tx: Transaction, skus: Iterable[str]) -> dict[str, UUID]:
    """Item ids by SKU. No item appears for the others before the transaction ends: who adds one waits for it,
    and then sees the lines that it left UNMAPPED. To be called before any order is locked.
    """
    wanted = sorted(set(skus) - {""})
    items = await known_items(tx, wanted)
    missing = [sku for sku in wanted if sku not in items]
    if missing:
        await tx.execute(sql.SHARE_SKUS, (locks(tx.organization, missing),))
        # A statement of its own: it sees what the locks waited for.
        items |= await known_items(tx, missing)
    return items


async def known_items(tx: Transaction, skus: list[str]) -> dict[str, UUID]:
    """Item ids by SKU, as far as they are known now."""
    if not skus:
        return {}
    return {row.sku: row.id for row in await (await tx.execute(sql.KNOWN, (skus,))).fetchall()}


def locks(organization: UUID, skus: Iterable[str]) -> list[int]:
    """The advisory locks of SKUs, in the order in which everybody takes them."""
    digests = (blake2b(f"sku\0{organization}\0{sku}".encode(), digest_size=8).digest() for sku in skus)
    return sorted({int.from_bytes(digest, signed=True) for digest in digests})
