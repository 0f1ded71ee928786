"""Levels and the ledger on the wire."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.timestamps import timestamp
from inventory.stock.fact import Condition
from inventory.stock.level import Entry, Kind, Level, LowItem
from rappit.inventory.v1 import level_pb2 as level_proto
from rappit.inventory.v1 import low_stock_pb2
from rappit.inventory.v1 import stock_pb2 as proto

_KINDS = {
    Kind.ADJUSTED: level_proto.MOVEMENT_KIND_ADJUSTED,
    Kind.RESERVED: level_proto.MOVEMENT_KIND_RESERVED,
    Kind.RELEASED: level_proto.MOVEMENT_KIND_RELEASED,
    Kind.CONSUMED: level_proto.MOVEMENT_KIND_CONSUMED,
    Kind.SHIPPED_UNRESERVED: level_proto.MOVEMENT_KIND_SHIPPED_UNRESERVED,
    Kind.FOUND: level_proto.MOVEMENT_KIND_FOUND,
    Kind.COUNTED: level_proto.MOVEMENT_KIND_COUNTED,
    Kind.CONDITION_CHANGED: level_proto.MOVEMENT_KIND_CONDITION_CHANGED,
    Kind.FULFILLMENT_CANCELLED: level_proto.MOVEMENT_KIND_FULFILLMENT_CANCELLED,
}
_CONDITIONS = {
    level_proto.CONDITION_UNSPECIFIED: Condition.SELLABLE,
    level_proto.CONDITION_SELLABLE: Condition.SELLABLE,
    level_proto.CONDITION_DAMAGED: Condition.DAMAGED,
    level_proto.CONDITION_QUARANTINED: Condition.QUARANTINED,
}


def id_or_none(text: str) -> UUID | None:
    """An id that may be empty on the wire."""
    return UUID(text) if text else None


def as_of_from(request: proto.ListLevelsRequest | proto.ExplainLevelRequest) -> datetime | None:
    """The moment that is asked about; None is now."""
    return request.as_of.ToDatetime(UTC) if request.HasField("as_of") else None


def reason_word(reason: proto.AdjustmentReason.ValueType) -> str:
    """The contract's word for the reason, as the ledger has it."""
    return proto.AdjustmentReason.Name(reason).removeprefix("ADJUSTMENT_REASON_")


def condition_from(condition: level_proto.Condition.ValueType) -> Condition:
    """The condition; that of units of which nothing is said is that they can be sold."""
    return _CONDITIONS[condition]


def level_message(level: Level) -> level_proto.Level:
    """The level as its organisation's people see it."""
    return level_proto.Level(
        item_id=str(level.item_id),
        sku=level.sku,
        warehouse_id=str(level.warehouse_id),
        warehouse_code=level.warehouse_code,
        on_hand=level.balance.on_hand,
        reserved=level.balance.reserved,
        damaged=level.balance.damaged,
        available=level.balance.available,
        update_time=timestamp(level.update_time) if level.update_time else None,
        quarantined=level.balance.quarantined,
        count_due=level.count_due,
        safety_stock=level.safety_stock,
    )


def low_item_message(item: LowItem) -> low_stock_pb2.LowItem:
    """The item as its organisation's people see it."""
    return low_stock_pb2.LowItem(
        item_id=str(item.item_id),
        sku=item.sku,
        name=item.name,
        available=item.available,
        safety_stock=item.safety_stock,
        reorder_point=item.reorder_point,
    )


def entry_message(entry: Entry) -> level_proto.LedgerEntry:
    """A movement as its organisation's people see it."""
    return level_proto.LedgerEntry(
        position=entry.position,
        kind=_KINDS[entry.kind],
        on_hand_delta=entry.delta.on_hand,
        reserved_delta=entry.delta.reserved,
        damaged_delta=entry.delta.damaged,
        on_hand_after=entry.after.on_hand,
        reserved_after=entry.after.reserved,
        damaged_after=entry.after.damaged,
        cause=entry.cause,
        demand_id=str(entry.demand_id or ""),
        actor=entry.actor,
        note=entry.note,
        time=timestamp(entry.time),
        quarantined_delta=entry.delta.quarantined,
        quarantined_after=entry.after.quarantined,
    )
