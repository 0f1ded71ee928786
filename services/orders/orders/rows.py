"""Orders as rows: one dictionary per row, by column. PostgreSQL reads them as JSON, so one statement takes a batch."""

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from orders.mappings.sku import sku_key
from orders.orders.change import Change
from orders.orders.hold import HoldReason
from orders.orders.line import Line, LineEdit, ReservedAt
from orders.orders.order import Answer, Cancellation, FulfillmentStatus, Order, OrderSummary, StockState
from orders.orders.snapshot import (
    Address,
    CancelReason,
    Customer,
    LineKind,
    PaymentStatus,
    Rank,
    ShippingLine,
    Snapshot,
    SnapshotLine,
    Totals,
)
from orders.orders.store_holds import OWNER, said_holds

Row = dict[str, Any]

_ADDRESS = tuple(field.name for field in fields(Address))
_SHIPPING_LINE = tuple(field.name for field in fields(ShippingLine))
_SAID = tuple(field.name for field in fields(SnapshotLine))


def as_json(rows: Sequence[Row]) -> str:
    """Rows as PostgreSQL's json_populate_recordset takes them."""
    return json.dumps(rows, default=str, ensure_ascii=False)


def order_row(organization: UUID, order: Order) -> Row:
    """An order, without its lines."""
    snapshot = order.snapshot
    rank, totals, shown = snapshot.rank, snapshot.totals, snapshot.presentment_totals
    customer = snapshot.customer or Customer()
    answer = order.answer
    return {
        "organization_id": organization,
        "id": order.id,
        "store_id": order.store_id,
        "source": order.source,
        "external_id": snapshot.external_id,
        "snapshot_time": rank.time,
        "snapshot_cancelled": rank.cancelled,
        "snapshot_refunded": rank.refunded,
        "snapshot_paid": rank.paid,
        "snapshot_closed": rank.closed,
        "snapshot_digest": f"\\x{rank.digest.hex()}",
        "name": snapshot.name,
        "order_time": snapshot.order_time,
        "payment_status": snapshot.payment_status,
        "store_cancel_time": snapshot.cancel_time,
        "store_cancel_reason": snapshot.cancel_reason,
        "currency": totals.currency,
        "subtotal": totals.subtotal,
        "discount": totals.discount,
        "shipping": totals.shipping,
        "tax": totals.tax,
        "total": totals.total,
        "presentment_currency": shown.currency,
        "presentment_subtotal": shown.subtotal,
        "presentment_discount": shown.discount,
        "presentment_shipping": shown.shipping,
        "presentment_tax": shown.tax,
        "presentment_total": shown.total,
        "taxes_included": totals.taxes_included,
        "totals_mismatch": snapshot.totals_mismatch,
        "customer_id": order.customer_id,
        "customer_external_id": customer.external_id,
        "customer_name": customer.name,
        "customer_email": customer.email,
        "customer_phone": customer.phone,
        "shipping_address": snapshot.shipping_address and _values(snapshot.shipping_address, _ADDRESS),
        "billing_address": snapshot.billing_address and _values(snapshot.billing_address, _ADDRESS),
        "note": snapshot.note,
        "tags": snapshot.tags,
        "shipping_lines": [_values(line, _SHIPPING_LINE) for line in snapshot.shipping_lines],
        "test": snapshot.test,
        "pay_on_delivery": snapshot.pay_on_delivery,
        "awaiting_payment": order.awaiting_payment,
        "reservation_due_time": order.reservation_due,
        "own_tags": order.own_tags,
        "own_shipping_address": order.own_shipping_address and _values(order.own_shipping_address, _ADDRESS),
        "hold_count": order.hold_count,
        "store_on_hold": snapshot.on_hold,
        "high_risk": order.high_risk,
        "store_holds": order.store_holds,
        "released_store_holds": order.released_store_holds,
        "cancel_time": order.cancellation and order.cancellation.time,
        "cancel_reason": order.cancellation and order.cancellation.reason,
        "stock_revision": answer and answer.revision,
        "stock_version": answer and answer.version,
        "stock_state": answer and answer.state,
        "stock_shortage": answer.shortage if answer else "",
        "fulfillment_status": order.status,
        "short_reason": order.short_reason,
        "line_count": len(order.lines),
        "unmapped_line_count": order.unmapped_line_count,
        "version": order.version,
        "version_time": order.version_time,
        "etag": order.etag,
        "timeline_length": order.timeline_length,
        "create_time": order.create_time,
        "update_time": order.update_time,
    }


def line_rows(organization: UUID, order: Order) -> list[Row]:
    """An order's lines, in their order."""
    return [
        {
            "organization_id": organization,
            "order_id": order.id,
            "id": line.id,
            "position": position,
            "item_id": line.item_id,
            "reserved": line.reserved,
            "in_store": line.in_store,
            "edit_base": line.edit and line.edit.base,
            "edit_wanted": line.edit and line.edit.wanted,
            "edit_sku": line.edit and line.edit.sku,
            "candidates": line.candidates,
            "sku_key": sku_key(line.sku),
            "open": line.open,
            "item_given": line.item_given,
            "reserved_at": [place._asdict() for place in line.reserved_at],
            **_values(line.said, _SAID),
        }
        for position, line in enumerate(order.lines)
    ]


def store_hold_row(organization: UUID, order: Order, reason: HoldReason, hold_id: UUID) -> Row:
    """A hold that its store has on an order."""
    return {
        "organization_id": organization,
        "order_id": order.id,
        "id": hold_id,
        "reason": reason,
        "owner": OWNER,
        "note": said_holds(order)[reason],
        "actor": order.source,
        "create_time": order.update_time,
        "of_store": True,
    }


def timeline_rows(organization: UUID, change: Change) -> list[Row]:
    """The entries of a change, at the end of the order's timeline."""
    after = change.after
    first = after.timeline_length - len(change.entries) + 1
    return [
        {
            "organization_id": organization,
            "order_id": after.id,
            "position": first + index,
            "event": entry.event,
            "message": entry.message,
            "actor": change.actor,
            "reason": entry.reason,
            "old_value": entry.old,
            "new_value": entry.new,
            "time": after.update_time,
        }
        for index, entry in enumerate(change.entries)
    ]


def read_line(row: Any) -> Line:
    """A line from its row."""
    return _read_line(row._asdict())


def read_line_in_json(row: Row) -> Line:
    """A line from its row as JSON."""
    return _read_line(row | {"id": UUID(row["id"]), "item_id": UUID(row["item_id"]) if row["item_id"] else None})


def _read_line(row: Row) -> Line:
    return Line(
        row["id"],
        SnapshotLine(**{name: row[name] for name in _SAID} | {"kind": LineKind(row["kind"])}),
        row["item_id"],
        row["reserved"],
        row["in_store"],
        None if row["edit_base"] is None else LineEdit(row["edit_base"], row["edit_wanted"], row["edit_sku"]),
        tuple(row["candidates"]),
        row["item_given"],
        tuple(ReservedAt(**place | {"warehouse_id": UUID(place["warehouse_id"])}) for place in row["reserved_at"]),
    )


def read_order(row: Any, lines: Sequence[Line]) -> Order:
    """An order from its row and its lines."""
    return Order(
        id=row.id,
        store_id=row.store_id,
        store_name=row.store_name or "",
        snapshot=_read_snapshot(row, tuple(line.said for line in lines if line.in_store)),
        lines=tuple(lines),
        create_time=row.create_time,
        update_time=row.update_time,
        customer_id=row.customer_id,
        cancellation=Cancellation(row.cancel_time, CancelReason(row.cancel_reason)) if row.cancel_time else None,
        hold_count=row.hold_count,
        store_holds=tuple(map(HoldReason, row.store_holds)),
        released_store_holds=tuple(map(HoldReason, row.released_store_holds)),
        high_risk=row.high_risk,
        own_tags=tuple(row.own_tags),
        own_shipping_address=Address(**row.own_shipping_address) if row.own_shipping_address else None,
        awaiting_payment=row.awaiting_payment,
        reservation_due=row.reservation_due_time,
        answer=_read_answer(row),
        status=FulfillmentStatus(row.fulfillment_status),
        short_reason=row.short_reason,
        version=row.version,
        version_time=row.version_time,
        etag=row.etag,
        timeline_length=row.timeline_length,
    )


def read_summary(row: Any) -> OrderSummary:
    """What a list shows of an order, from its row alone."""
    return OrderSummary(read_order(row, ()), row.line_count, row.unmapped_line_count)


def _read_snapshot(row: Any, lines: tuple[SnapshotLine, ...]) -> Snapshot:
    return Snapshot(
        external_id=row.external_id,
        rank=_read_rank(row),
        name=row.name,
        order_time=row.order_time,
        payment_status=PaymentStatus(row.payment_status),
        cancel_time=row.store_cancel_time,
        cancel_reason=CancelReason(row.store_cancel_reason) if row.store_cancel_reason else None,
        totals=Totals(row.currency, row.subtotal, row.discount, row.shipping, row.tax, row.total, row.taxes_included),
        presentment_totals=Totals(
            row.presentment_currency,
            row.presentment_subtotal,
            row.presentment_discount,
            row.presentment_shipping,
            row.presentment_tax,
            row.presentment_total,
            row.taxes_included,
        ),
        totals_mismatch=row.totals_mismatch,
        customer=Customer(row.customer_external_id, row.customer_name, row.customer_email, row.customer_phone)
        if row.customer_id
        else None,
        shipping_address=Address(**row.shipping_address) if row.shipping_address else None,
        billing_address=Address(**row.billing_address) if row.billing_address else None,
        note=row.note,
        tags=tuple(row.tags),
        shipping_lines=tuple(ShippingLine(**line) for line in row.shipping_lines),
        test=row.test,
        lines=lines,
        pay_on_delivery=row.pay_on_delivery,
        on_hold=row.store_on_hold,
    )


def _read_rank(row: Any) -> Rank:
    return Rank(
        row.snapshot_time,
        row.snapshot_cancelled,
        row.snapshot_refunded,
        row.snapshot_paid,
        row.snapshot_closed,
        row.snapshot_digest,
    )


def _read_answer(row: Any) -> Answer | None:
    if row.stock_revision is None:
        return None
    return Answer(row.stock_revision, row.stock_version, StockState(row.stock_state), row.stock_shortage)


def _values(of: object, names: Sequence[str]) -> Row:
    return {name: getattr(of, name) for name in names}
