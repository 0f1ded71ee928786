"""Warehouses on the wire."""

from uuid import UUID

from chassis.errors import InvalidRequest, Violation
from chassis.timestamps import timestamp
from inventory.warehouses.sourcing import Rule, Sourcing
from inventory.warehouses.update_warehouse import WarehouseUpdate
from inventory.warehouses.warehouse import Warehouse
from rappit.inventory.v1 import sourcing_pb2
from rappit.inventory.v1 import warehouses_pb2 as proto
from rappit.types.v1.address_pb2 import Address

MOST_CHARACTERS = 200
_RULES = {
    Rule.LINE_BY_LINE: sourcing_pb2.SOURCING_RULE_LINE_BY_LINE,
    Rule.WHOLE_FROM_ONE: sourcing_pb2.SOURCING_RULE_WHOLE_FROM_ONE,
    Rule.ONLY_FROM_ONE: sourcing_pb2.SOURCING_RULE_ONLY_FROM_ONE,
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
        archived=warehouse.archived,
        address=Address(**warehouse.address) if warehouse.address is not None else None,
    )


def address_from(request: proto.CreateWarehouseRequest | proto.UpdateWarehouseRequest) -> dict[str, str] | None:
    """The address, without the fields that are empty. Raises InvalidRequest where one is too long."""
    if not request.HasField("address"):
        return None
    said = {field.name: value for field, value in request.address.ListFields()}
    too_long = [name for name, value in said.items() if len(value) > MOST_CHARACTERS]
    if too_long:
        problem = f"has more than {MOST_CHARACTERS} characters"
        raise InvalidRequest(violations=[Violation(f"address.{name}", problem) for name in too_long])
    return said


def update_from(request: proto.UpdateWarehouseRequest) -> WarehouseUpdate:
    """What is to change: only what the request names."""
    return WarehouseUpdate(
        UUID(request.warehouse_id),
        request.etag,
        name=request.name if request.HasField("name") else None,
        priority=request.priority if request.HasField("priority") else None,
        address=address_from(request),
    )


def sourcing_message(sourcing: Sourcing) -> sourcing_pb2.Sourcing:
    """The policy as its organisation's people see it."""
    return sourcing_pb2.Sourcing(rule=_RULES[sourcing.rule], take_partly=sourcing.take_partly, etag=sourcing.etag)


def sourcing_from(request: sourcing_pb2.SetSourcingRequest) -> Sourcing:
    """The policy that is asked for."""
    (rule,) = (rule for rule, number in _RULES.items() if number == request.rule)
    return Sourcing(rule, request.take_partly)
