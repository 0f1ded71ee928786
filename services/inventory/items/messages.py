"""Items on the wire."""

from uuid import UUID

from chassis.timestamps import timestamp
from inventory.items.item import Item
from inventory.items.update_item import ItemUpdate
from rappit.inventory.v1 import items_pb2 as proto


def item_message(item: Item) -> proto.Item:
    """The item as its organisation's people see it."""
    return proto.Item(
        id=str(item.id),
        sku=item.sku,
        name=item.name,
        barcode=item.barcode,
        create_time=timestamp(item.create_time),
        etag=item.etag,
        safety_stock=item.safety_stock,
        reorder_point=item.reorder_point,
    )


def update_from(request: proto.UpdateItemRequest) -> ItemUpdate:
    """What is to change: only what the request names."""
    return ItemUpdate(
        UUID(request.item_id),
        request.etag,
        name=request.name if request.HasField("name") else None,
        barcode=request.barcode if request.HasField("barcode") else None,
        safety_stock=request.safety_stock if request.HasField("safety_stock") else None,
        reorder_point=request.reorder_point if request.HasField("reorder_point") else None,
    )
