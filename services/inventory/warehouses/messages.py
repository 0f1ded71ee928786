"""Warehouses on the wire."""

from uuid import UUID

from chassis.timestamps import timestamp
from inventory.warehouses.sourcing import Rule, Sourcing
from inventory.warehouses.update_warehouse import WarehouseUpdate
from inventory.warehouses.warehouse import Warehouse
from rappit.inventory.v1 import warehouses_pb2 as proto

_RULES = {
    Rule.LINE_BY_LINE: proto.SOURCING_RULE_LINE_BY_LINE,
    Rule.WHOLE_FROM_ONE: proto.SOURCING_RULE_WHOLE_FROM_ONE,
}


def warehouse_message(warehouse: Warehouse) -> proto.Warehouse:
    """The warehouse as its organisation's people see it."""
    return proto.Warehouse(
        id=str(warehouse.id),
        code=warehouse.code,
        name=warehouse.name,
        is_default=warehouse.is_default,
        open=warehouse.open,
        priority=warehouse.priority,
        create_time=timestamp(warehouse.create_time),
        etag=warehouse.etag,
    )


def update_from(request: proto.UpdateWarehouseRequest) -> WarehouseUpdate:
    """What is to change: only what the request names."""
    return WarehouseUpdate(
        UUID(request.warehouse_id),
        request.etag,
        name=request.name if request.HasField("name") else None,
        priority=request.priority if request.HasField("priority") else None,
    )


def sourcing_message(sourcing: Sourcing) -> proto.Sourcing:
    """The policy as its organisation's people see it."""
    return proto.Sourcing(rule=_RULES[sourcing.rule], take_partly=sourcing.take_partly, etag=sourcing.etag)


def sourcing_from(request: proto.SetSourcingRequest) -> Sourcing:
    """The policy that is asked for."""
    (rule,) = (rule for rule, number in _RULES.items() if number == request.rule)
    return Sourcing(rule, request.take_partly)
