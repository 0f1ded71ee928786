"""Items on the wire."""

from chassis.timestamps import timestamp
from inventory.items.item import Item
from rappit.inventory.v1 import items_pb2 as proto


def item_message(item: Item) -> proto.Item:
    """The item as its organisation's people see it."""
    return proto.Item(
        id=str(item.id),
        sku=item.sku,
        name=item.name,
        barcode=item.barcode,
        create_time=timestamp(item.create_time),
        etag=str(item.version),
    )
