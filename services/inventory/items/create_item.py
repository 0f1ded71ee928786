"""Make an item."""

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging import outbox
from inventory.errors import SkuTaken
from inventory.items import sql
from inventory.items.events import item_event
from inventory.items.item import UNKNOWN, Details, Item


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be made."""

    sku: str
    name: str
    barcode: str = ""
    details: Details = UNKNOWN


async def create_item(tx: Transaction, clock: Clock, new: NewItem, cause: str) -> Item:
    """Make it, and tell the others. Raises SkuTaken."""
    item = Item(
        id=clock.new_id(),
        sku=new.sku,
        name=new.name,
        barcode=new.barcode,
        version=1,
        create_time=clock.now(),
        details=new.details,
    )
    if not await sql.insert_item(tx, item):
        raise SkuTaken(new.sku, await sql.id_of_sku(tx, new.sku))
    await outbox.write(tx, [item_event(tx, clock, item, cause)])
    return item
