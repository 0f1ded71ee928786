"""Snapshots for decisions that need no database: of an order that is like any other but for what a test says."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from orders.orders.snapshot import LineKind, PaymentStatus, Rank, Snapshot, SnapshotLine, Totals

TIME = datetime(2026, 11, 2, 14, tzinfo=UTC)
_NOTHING = Totals("SAR", 0, 0, 0, 0, 0, taxes_included=False)
_SNAPSHOT = Snapshot(
    external_id="1",
    rank=Rank(TIME, cancelled=False, refunded=False, paid=False, closed=False, digest=b""),
    name="#1",
    order_time=TIME,
    payment_status=PaymentStatus.PENDING,
    cancel_time=None,
    cancel_reason=None,
    totals=_NOTHING,
    presentment_totals=_NOTHING,
    totals_mismatch=False,
    customer=None,
    shipping_address=None,
    billing_address=None,
    note="",
    tags=(),
    shipping_lines=(),
    test=False,
    lines=(),
)


def snapshot(number: int = 0, **fields: Any) -> Snapshot:
    """A snapshot; of two the one with the greater number is the greater."""
    return replace(_SNAPSHOT, rank=_SNAPSHOT.rank._replace(digest=bytes([number])), **fields)


def said(external_id: str, wanted: int, sku: str = "", fulfilled: int = 0) -> SnapshotLine:
    """What a store says of a line that takes stock."""
    sku = sku or f"SKU-{external_id}"
    return SnapshotLine(external_id, sku, sku, "", LineKind.STOCKED, wanted, wanted, fulfilled, 5900, 0, 0)
