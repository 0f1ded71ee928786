"""ItemEvent: an item as others need it."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import new_header
from inventory.items.item import Item
from rappit.inventory.v1.events_pb2 import ItemChanged, ItemEvent


def item_event(tx: Transaction, clock: Clock, item: Item, cause: str) -> ItemEvent:
    """The item as it is now."""
    header = new_header(tx, clock, item.id, item.version, cause)
    return ItemEvent(header=header, item_changed=ItemChanged(sku=item.sku, name=item.name))
