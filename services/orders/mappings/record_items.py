"""Items of inventory as they become known here, and the lines that waited for them."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.mappings import sql
from orders.mappings.find_items import locks
from orders.mappings.map_lines import FIRST, MOST_ORDERS, map_lines
from orders.mappings.sku import sku_key


class KnownItem(NamedTuple):
    """An item as an event tells of it; `version` is the event's, `cause` its id."""

    id: UUID
    sku: str
    version: int
    cause: str


async def record_items(tx: Transaction, clock: Clock, items: Sequence[KnownItem], most: int = MOST_ORDERS) -> None:
    """Keep the newest version of each item, and map the lines that waited for its SKU, in this transaction. Lines that
    waited because it was one of several that they might mean may have but one left when it takes another SKU.

    Where more orders wait than one transaction takes, the job `map_unfinished` maps the rest.
    """
    newest = {item.id: item for item in sorted(items, key=lambda item: item.version)}
    if not newest:
        return
    before = await (await tx.execute(sql.ITEMS, (list(newest),))).fetchall()
    causes = {sku_key(row.sku): newest[row.id].cause for row in before}
    causes |= {sku_key(item.sku): item.cause for item in newest.values()}
    await tx.execute(sql.LOCK_SKUS, (locks(tx.organization, causes),))
    columns = zip(*((item.id, item.sku, sku_key(item.sku), item.version) for item in newest.values()), strict=True)
    await tx.execute(sql.RECORD, (tx.organization, *(list(column) for column in columns)))
    last = await map_lines(tx, clock, causes, most)
    if last is not None:
        await leave_unfinished(tx, list(causes), last)


async def leave_unfinished(tx: Transaction, keys: Sequence[str], after: UUID = FIRST) -> None:
    """Leave the lines of orders after this one, whose SKU has one of the keys, to the job `map_unfinished`."""
    await tx.execute(sql.ADD_UNFINISHED, (tx.organization, after, list(keys)))
