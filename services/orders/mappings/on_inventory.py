"""ItemEvents: which items there are."""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import Message
from orders.mappings.record_items import KnownItem, record_items
from orders.stores.known_organization import require_organization
from rappit.inventory.v1.events_pb2 import ItemEvent


async def on_inventory(clock: Clock, tx: Transaction, messages: Sequence[Message[ItemEvent]]) -> None:
    """Handle ItemEvents."""
    await require_organization(tx)
    items = [
        KnownItem(UUID(message.aggregate_id), message.event.item_changed.sku, message.version, str(message.id))
        for message in messages
    ]
    await record_items(tx, clock, items)
