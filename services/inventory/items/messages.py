"""Items on the wire."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from chassis.errors import InvalidRequest, Violation
from chassis.timestamps import timestamp
from inventory.items.item import Details, Item
from inventory.items.update_item import ItemUpdate
from rappit.inventory.v1 import items_pb2 as proto
from rappit.inventory.v1.item_details_pb2 import ItemDetails
from rappit.types.v1.money_pb2 import Money


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
        details=_details_message(item.details),
    )


def _details_message(details: Details) -> ItemDetails:
    said = asdict(details)
    minor_units, currency = said.pop("unit_cost"), said.pop("unit_cost_currency")
    cost = Money(minor_units=minor_units, currency=currency) if minor_units is not None else None
    return ItemDetails(**said, unit_cost=cost)


def details_from(request: proto.CreateItemRequest) -> Details:
    """What is known of a new item. Raises InvalidRequest where its cost is negative."""
    return Details(**_said(request.details))


def _said(details: ItemDetails) -> dict[str, Any]:
    """The fields that are set, as `Details` names them."""
    # Those that are set to nothing, too.
    said: dict[str, Any] = {field.name: value for field, value in details.ListFields()}
    cost: Money | None = said.pop("unit_cost", None)
    if cost is None:
        return said
    if cost.minor_units < 0:
        raise InvalidRequest(violations=[Violation("details.unit_cost.minor_units", "is negative")])
    return {**said, "unit_cost": cost.minor_units, "unit_cost_currency": cost.currency}


def update_from(request: proto.UpdateItemRequest) -> ItemUpdate:
    """What is to change: only what the request names."""
    return ItemUpdate(
        UUID(request.item_id),
        request.etag,
        name=request.name if request.HasField("name") else None,
        barcode=request.barcode if request.HasField("barcode") else None,
        safety_stock=request.safety_stock if request.HasField("safety_stock") else None,
        reorder_point=request.reorder_point if request.HasField("reorder_point") else None,
        details=_said(request.details),
    )
