"""An order that people enter here: a snapshot of which they are the source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from orders.orders.snapshot import (
    Address,
    Customer,
    LineKind,
    PaymentStatus,
    Rank,
    ShippingLine,
    Snapshot,
    SnapshotLine,
    Totals,
)

# What is entered is as it is, whenever it is repeated: no time makes a repeat the later one.
_ENTERED = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class NewLine:
    """A line: of an item, of a SKU, or without either of something not in stock. Amounts are minor units."""

    item_id: UUID | None
    sku: str
    title: str
    quantity: int
    unit_price: int
    discount: int
    tax: int


@dataclass(frozen=True)
class NewOrder:
    """An order to be entered. `digest`: of all that was said of it, so that a repeat is known from another order."""

    external_id: str
    name: str
    order_time: datetime | None
    lines: tuple[NewLine, ...]
    currency: str
    taxes_included: bool
    shipping_price: int
    paid: bool
    customer: Customer | None
    shipping_address: Address | None
    billing_address: Address | None
    note: str
    tags: tuple[str, ...]
    digest: bytes

    def snapshot(self, external_id: str, skus: Mapping[UUID, str], now: datetime) -> Snapshot:
        """Its one snapshot. `skus`: of the items that its lines name."""
        totals = self._totals()
        shipping = ShippingLine("", "", self.shipping_price, 0, 0)
        return Snapshot(
            external_id=external_id,
            rank=Rank(_ENTERED, cancelled=False, refunded=False, paid=self.paid, closed=False, digest=self.digest),
            name=self.name or self.external_id or f"M-{external_id[-8:].upper()}",
            order_time=self.order_time or now,
            payment_status=PaymentStatus.PAID if self.paid else PaymentStatus.PENDING,
            cancel_time=None,
            cancel_reason=None,
            totals=totals,
            presentment_totals=totals,
            totals_mismatch=False,
            customer=self.customer,
            shipping_address=self.shipping_address,
            billing_address=self.billing_address,
            note=self.note,
            tags=(),
            shipping_lines=(shipping,) if self.shipping_price else (),
            test=False,
            lines=tuple(_line(line, number, skus) for number, line in enumerate(self.lines, start=1)),
        )

    def _totals(self) -> Totals:
        subtotal = sum(line.unit_price * line.quantity for line in self.lines)
        discount = sum(line.discount for line in self.lines)
        tax = sum(line.tax for line in self.lines)
        total = subtotal - discount + self.shipping_price + (0 if self.taxes_included else tax)
        return Totals(self.currency, subtotal, discount, self.shipping_price, tax, total, self.taxes_included)


def _line(line: NewLine, number: int, skus: Mapping[UUID, str]) -> SnapshotLine:
    sku = skus[line.item_id] if line.item_id else line.sku
    return SnapshotLine(
        external_id=str(number),
        sku=sku,
        title=line.title or sku,
        variant_title="",
        kind=LineKind.STOCKED if sku else LineKind.CUSTOM,
        ordered=line.quantity,
        wanted=line.quantity,
        fulfilled=0,
        unit_price=line.unit_price,
        discount=line.discount,
        tax=line.tax,
    )
