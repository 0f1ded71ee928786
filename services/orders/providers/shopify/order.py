"""A Shopify order's body as a snapshot. Source of every field: Shopify's REST Admin API, resource Order, 2024-10,
whose shape webhooks have; older bodies lack the newer fields.
"""

import hashlib

from orders.orders.snapshot import CancelReason, PaymentStatus, Rank, ShippingLine, Snapshot, SnapshotLine, Totals
from orders.providers.cash_on_delivery import is_cash_on_delivery
from orders.providers.fields import Fields
from orders.providers.shopify.amounts import Side, allocated_discount, amount, presentment, shop, total
from orders.providers.shopify.lines import lines
from orders.providers.shopify.people import address, customer

_PAYMENT_STATUSES = {
    "pending": PaymentStatus.PENDING,
    "expired": PaymentStatus.PENDING,  # what was set aside was let go; nothing was taken
    "authorized": PaymentStatus.AUTHORIZED,
    "partially_paid": PaymentStatus.PARTIALLY_PAID,
    "paid": PaymentStatus.PAID,
    "partially_refunded": PaymentStatus.PARTIALLY_REFUNDED,
    "refunded": PaymentStatus.REFUNDED,
    "voided": PaymentStatus.VOIDED,
}
_REFUNDED = {PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED}
_PAID = {PaymentStatus.PAID, *_REFUNDED}
_CANCEL_REASONS = {
    "customer": CancelReason.CUSTOMER_REQUEST,
    "inventory": CancelReason.OUT_OF_STOCK,
    "fraud": CancelReason.FRAUD_SUSPECTED,
    "declined": CancelReason.PAYMENT_FAILED,
}


def read_order(body: bytes) -> Snapshot:
    """The snapshot that the signed body of a whole order is. Raises UnreadableBody naming the field."""
    return _snapshot(Fields.of(body), body)


def read_fetched(body: bytes) -> Snapshot:
    """The snapshot in what the API answers when it is asked for an order."""
    fetched = Fields.of(body)
    order = fetched.child("order")
    if order is None:
        raise fetched.wrong("order", "is missing")
    return _snapshot(order, body)


def _snapshot(order: Fields, body: bytes) -> Snapshot:
    side = shop(order)
    order_lines = lines(order, side)
    totals = _totals(order, side, _sum(order_lines))
    cancel_time = order.time("cancelled_at") if order.has("cancelled_at") else None
    payment_status = _payment_status(order)
    return Snapshot(
        external_id=order.identifier("id"),
        rank=Rank(
            time=order.time("updated_at"),
            cancelled=cancel_time is not None,
            refunded=payment_status in _REFUNDED or bool(order.children("refunds")),
            paid=payment_status in _PAID,
            closed=order.has("closed_at"),
            digest=hashlib.sha256(body).digest(),
        ),
        name=order.text("name"),
        order_time=order.time("processed_at" if order.has("processed_at") else "created_at"),
        payment_status=payment_status,
        cancel_time=cancel_time,
        cancel_reason=_CANCEL_REASONS.get(order.text("cancel_reason"), CancelReason.OTHER) if cancel_time else None,
        totals=totals,
        presentment_totals=_presentment_totals(order, totals),
        totals_mismatch=_do_not_add_up(order, side, totals, order_lines),
        customer=customer(order),
        shipping_address=address(order, "shipping_address"),
        billing_address=address(order, "billing_address"),
        note=order.text("note"),
        tags=tuple(sorted({tag.strip() for tag in order.text("tags").split(",")} - {""})),
        shipping_lines=tuple(_shipping_line(line, side) for line in _shipping(order)),
        test=order.flag("test"),
        lines=order_lines,
        pay_on_delivery=payment_status is PaymentStatus.PENDING and any(map(is_cash_on_delivery, _ways_to_pay(order))),
    )


def _payment_status(order: Fields) -> PaymentStatus:
    given = order.text("financial_status")
    if given and given not in _PAYMENT_STATUSES:
        raise order.wrong("financial_status", "is no status that Shopify documents")
    return _PAYMENT_STATUSES.get(given, PaymentStatus.PENDING)


def _ways_to_pay(order: Fields) -> tuple[str, ...]:
    """As the merchant named them; older bodies have one."""
    return *order.texts("payment_gateway_names"), order.text("gateway")


def _totals(order: Fields, side: Side, of_lines: int | None = None) -> Totals:
    return Totals(
        currency=side.currency,
        subtotal=amount(order, "total_line_items_price", side, of_lines),
        discount=amount(order, "total_discounts", side, 0),
        shipping=amount(order, "total_shipping_price", side, total(_shipping(order), "price", side)),
        tax=amount(order, "total_tax", side, 0),
        total=amount(order, "total_price", side),
        taxes_included=order.flag("taxes_included"),
    )


def _presentment_totals(order: Fields, totals: Totals) -> Totals:
    """What the buyer was shown; the shop's totals where there is one currency."""
    side = presentment(order)
    return totals if side.currency == totals.currency else _totals(order, side)


def _do_not_add_up(order: Fields, side: Side, totals: Totals, order_lines: tuple[SnapshotLine, ...]) -> bool:
    """Whether the lines miss the subtotal, or the parts the total. An edit changes the lines and leaves the totals."""
    edited = amount(order, "current_total_price", side, totals.total) != totals.total
    lines_off = _sum(order_lines) != totals.subtotal and not edited
    further = (
        amount(order, "total_tip_received", side, 0)
        + amount(order, "original_total_duties", side, 0)
        + amount(order, "original_total_additional_fees", side, 0)
    )
    tax = 0 if totals.taxes_included else totals.tax
    return lines_off or totals.total != totals.subtotal - totals.discount + totals.shipping + tax + further


def _sum(order_lines: tuple[SnapshotLine, ...]) -> int:
    return sum(line.ordered * line.unit_price for line in order_lines)


def _shipping(order: Fields) -> list[Fields]:
    return [line for line in order.children("shipping_lines") if not line.flag("is_removed")]


def _shipping_line(line: Fields, side: Side) -> ShippingLine:
    price = amount(line, "price", side)
    discount = allocated_discount(line, side)
    return ShippingLine(
        title=line.text("title"),
        code=line.text("code"),
        price=price,
        discount=price - amount(line, "discounted_price", side, price) if discount is None else discount,
        tax=total(line.children("tax_lines"), "price", side),
    )
