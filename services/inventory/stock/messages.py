"""Levels and the ledger on the wire."""

from uuid import UUID

from chassis.timestamps import timestamp
from inventory.stock.adjust_stock import Adjustment
from inventory.stock.level import Entry, Kind, Level
from rappit.inventory.v1 import stock_pb2 as proto

_KINDS = {
    Kind.ADJUSTED: proto.MOVEMENT_KIND_ADJUSTED,
    Kind.RESERVED: proto.MOVEMENT_KIND_RESERVED,
    Kind.RELEASED: proto.MOVEMENT_KIND_RELEASED,
    Kind.CONSUMED: proto.MOVEMENT_KIND_CONSUMED,
    Kind.SHIPPED_UNRESERVED: proto.MOVEMENT_KIND_SHIPPED_UNRESERVED,
    Kind.FOUND: proto.MOVEMENT_KIND_FOUND,
}


def id_or_none(text: str) -> UUID | None:
    """An id that may be empty on the wire."""
    return UUID(text) if text else None


def adjustment_from(request: proto.AdjustStockRequest) -> Adjustment:
    """What is to be adjusted; the ledger has the contract's word for the reason."""
    return Adjustment(
        item_id=UUID(request.item_id),
        warehouse_id=id_or_none(request.warehouse_id),
        delta=request.delta,
        reason=proto.AdjustmentReason.Name(request.reason).removeprefix("ADJUSTMENT_REASON_"),
        note=request.note,
    )


def level_message(level: Level) -> proto.Level:
    """The level as its organisation's people see it."""
    return proto.Level(
        item_id=str(level.item_id),
        sku=level.sku,
        warehouse_id=str(level.warehouse_id),
        warehouse_code=level.warehouse_code,
        on_hand=level.balance.on_hand,
        reserved=level.balance.reserved,
        damaged=level.balance.damaged,
        available=level.balance.available,
        update_time=timestamp(level.update_time) if level.update_time else None,
    )


def entry_message(entry: Entry) -> proto.LedgerEntry:
    """A movement as its organisation's people see it."""
    return proto.LedgerEntry(
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
    )
