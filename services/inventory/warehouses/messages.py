"""Warehouses on the wire."""

from chassis.timestamps import timestamp
from inventory.warehouses.warehouse import Warehouse
from rappit.inventory.v1 import warehouses_pb2 as proto


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
    )
