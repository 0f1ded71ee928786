"""A snapshot: everything that a store says about one order at one time, in RAPPIT's words.

Any two snapshots of an order can be compared, whatever order they arrive in; the greatest is the order. A snapshot is
never changed and never filled in: what the store did not say is empty. Amounts are minor units of their currency.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class PaymentStatus(StrEnum):
    """Whether an order is paid."""

    PENDING = "PENDING"
    AUTHORIZED = "AUTHORIZED"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    PAID = "PAID"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    VOIDED = "VOIDED"


class CancelReason(StrEnum):
    """Why an order is cancelled, by a store or here."""

    CUSTOMER_REQUEST = "CUSTOMER_REQUEST"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    FRAUD_SUSPECTED = "FRAUD_SUSPECTED"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    DUPLICATE_ORDER = "DUPLICATE_ORDER"
    OTHER = "OTHER"


class LineKind(StrEnum):
    """Whether a line takes stock; only STOCKED does."""

    STOCKED = "STOCKED"
    NOT_SHIPPED = "NOT_SHIPPED"
    FULFILLED_ELSEWHERE = "FULFILLED_ELSEWHERE"
    CUSTOM = "CUSTOM"


class Rank(NamedTuple):
    """What orders the snapshots of one order, made of signed content only: a later member counts where all before
    it are equal. Stores send several snapshots with one time; a cancelled, refunded, paid or closed one is the later.
    The digest of the body decides the rest, so that every arrival order ends the same.
    """

    time: datetime
    cancelled: bool
    refunded: bool
    paid: bool
    closed: bool
    digest: bytes


@dataclass(frozen=True, slots=True)
class Totals:
    """Amounts of an order in one currency; `discount` is positive."""

    currency: str
    subtotal: int
    discount: int
    shipping: int
    tax: int
    total: int
    taxes_included: bool


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address as the store gave it."""

    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country_code: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """The buyer as the store gave it with this order; a guest has no external id."""

    external_id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ShippingLine:
    """Shipping that the buyer chose, in the shop's currency."""

    title: str
    code: str
    price: int
    discount: int
    tax: int


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """One line. `wanted` counts all units that are to leave or left, `fulfilled` those that left."""

    external_id: str
    sku: str
    title: str
    variant_title: str
    kind: LineKind
    ordered: int
    wanted: int
    fulfilled: int
    unit_price: int
    discount: int
    tax: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a store says about an order. Two that differ in nothing but rank are equal: the order is as it was."""

    external_id: str
    rank: Rank = field(compare=False)
    name: str
    order_time: datetime
    payment_status: PaymentStatus
    cancel_time: datetime | None
    cancel_reason: CancelReason | None
    totals: Totals
    presentment_totals: Totals
    totals_mismatch: bool
    customer: Customer | None
    shipping_address: Address | None
    billing_address: Address | None
    note: str
    tags: tuple[str, ...]
    shipping_lines: tuple[ShippingLine, ...]
    test: bool
    lines: tuple[SnapshotLine, ...]
    pay_on_delivery: bool = False
    on_hold: bool = False

    @property
    def unpaid(self) -> bool:
        """Whether nothing is paid or set aside yet that should be by now; cash on delivery is due later."""
        return self.payment_status in {PaymentStatus.PENDING, PaymentStatus.VOIDED} and not self.pay_on_delivery
