"""Show an item."""

from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.errors import ItemNotFound
from inventory.items import sql
from inventory.items.item import Item


async def get_item(tx: Transaction, item_id: UUID) -> Item:
    """Raises ItemNotFound."""
    item = await sql.select_item(tx, item_id)
    if item is None:
        raise ItemNotFound(item_id)
    return item
