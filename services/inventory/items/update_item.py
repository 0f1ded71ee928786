"""Change an item."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.errors import ChangedMeanwhile
from chassis.messaging import outbox
from inventory.errors import ItemNotFound
from inventory.items import sql
from inventory.items.events import item_event
from inventory.items.item import Item
from inventory.reservations.waiting.sql import insert_wakes
from inventory.stock.sql import lock_levels_of


@dataclass(frozen=True, slots=True)
class ItemUpdate:
    """What is to change of an item: None, and details that are not named, stay as they are.

    `etag`: of the item that they saw; empty for any.
    """

    item_id: UUID
    etag: str = ""
    name: str | None = None
    barcode: str | None = None
    safety_stock: int | None = None
    reorder_point: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


async def update_item(tx: Transaction, clock: Clock, update: ItemUpdate, cause: str) -> Item:
    """The item as it is now; the others are told. Raises ItemNotFound, ChangedMeanwhile.

    Less safety stock is more to be had. Who turns short by the old one holds the levels' locks: they are waited for,
    and get word.
    """
    item = await sql.lock_item(tx, update.item_id)
    if item is None:
        raise ItemNotFound(update.item_id)
    if update.etag not in {"", item.etag}:
        raise ChangedMeanwhile(item.etag)
    names = ("name", "barcode", "safety_stock", "reorder_point")
    named = {name: value for name in names if (value := getattr(update, name)) is not None}
    changed = replace(item, details=replace(item.details, **update.details), **named)
    if changed == item:
        return item
    changed = replace(changed, version=item.version + 1)
    await sql.update_item(tx, changed)
    if changed.safety_stock < item.safety_stock:
        await lock_levels_of(tx, item.id)
        await insert_wakes(tx, {item.id: None})
    await outbox.write(tx, [item_event(tx, clock, changed, cause)])
    return changed
