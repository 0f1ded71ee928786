"""Items of inventory as they become known here, and the lines that waited for them."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.mappings import sql
from orders.mappings.find_items import locks
from orders.mappings.map_lines import MOST_ORDERS, map_lines


class KnownItem(NamedTuple):
    """An item as an event tells of it; `version` is the event's, `cause` its id."""

    id: UUID
    sku: str
    version: int
    cause: str


async def record_items(tx: Transaction, clock: Clock, items: Sequence[KnownItem], most: int = MOST_ORDERS) -> None:
    """Keep the newest version of each item, and map the lines that waited for its SKU, in this transaction.

    Where more orders wait than one transaction takes, the job `map_unfinished` maps the rest.
    """
    newest = {item.id: item for item in sorted(items, key=lambda item: item.version)}
    if not newest:
        return
    await tx.execute(sql.LOCK_SKUS, (locks(tx.organization, {item.sku for item in newest.values()}),))
    columns = zip(*((item.id, item.sku, item.version) for item in newest.values()), strict=True)
    await tx.execute(sql.RECORD, (tx.organization, *(list(column) for column in columns)))
    if not await map_lines(tx, clock, {item.sku: item.cause for item in newest.values()}, most):
        await tx.execute(sql.ADD_UNFINISHED, (tx.organization, list(newest)))
