"""A WooCommerce order's body as a snapshot. Source of every field: WooCommerce's REST API v3, resource Order, whose
shape webhooks have. Its amounts are without taxes also where the shop's prices contain them.
"""

import hashlib
from collections.abc import Sequence

from orders.orders.snapshot import PaymentStatus, Rank, ShippingLine, Snapshot, Totals
from orders.providers.fields import Fields
from orders.providers.reading import Hint, WithoutEffect
from orders.providers.woocommerce.amounts import Money
from orders.providers.woocommerce.lines import Read, lines, refunded_units
from orders.providers.woocommerce.people import address, customer
from orders.providers.woocommerce.statuses import (
    CANCEL_REASONS,
    CLOSED,
    DRAFTS,
    Status,
    has_left,
    payment_status,
    pays_on_delivery,
)

_REFUNDED = {PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED}
_PAID = {PaymentStatus.PAID, *_REFUNDED}


def read_order(body: bytes) -> Snapshot | Hint | WithoutEffect:
    """What a signed body says of an order. Raises UnreadableBody naming the field."""
    order = Fields.of(body)
    if order.text("status") in DRAFTS:
        return WithoutEffect("a draft is no order yet")
    snapshot = _snapshot(order, body)
    if snapshot.payment_status == PaymentStatus.PARTIALLY_REFUNDED:
        # The sum alone: whether units are not to be shipped any more stands in the refunds.
        return Hint("it was refunded in part, and the delivery does not say which units", snapshot)
    return snapshot


def read_fetched(body: bytes) -> Snapshot | WithoutEffect:
    """What two answers of the API say together: the order, and its refunds with their lines."""
    fetched = Fields.of(body)
    order = fetched.child("order")
    if order is None:
        raise fetched.wrong("order", "is missing")
    if order.text("status") in DRAFTS:
        return WithoutEffect("a draft is no order yet")
    # Negative in the order, positive in the refunds: the lines are all that is taken from there.
    return _snapshot(order, body, refunds=fetched.children("refunds"))


def _snapshot(order: Fields, body: bytes, refunds: Sequence[Fields] = ()) -> Snapshot:
    status = order.text("status")
    money = Money(order)
    payment = payment_status(order, status, money)
    refunded = payment == PaymentStatus.REFUNDED
    read = lines(order, money, left=has_left(order, status), refunded=refunded, units_refunded=refunded_units(refunds))
    modified = order.time("date_modified_gmt", utc=True)
    cancel_reason = CANCEL_REASONS.get(status)
    totals = _totals(order, money, read)
    return Snapshot(
        external_id=order.identifier("id"),
        rank=Rank(
            time=modified,
            cancelled=cancel_reason is not None,
            refunded=payment in _REFUNDED,
            paid=payment in _PAID,
            closed=status in CLOSED,
            digest=hashlib.sha256(body).digest(),
        ),
        name=f"#{order.text('number') or order.identifier('id')}",
        order_time=order.time("date_created_gmt", utc=True),
        payment_status=payment,
        cancel_time=modified if cancel_reason else None,
        cancel_reason=cancel_reason,
        totals=totals,
        presentment_totals=totals,
        totals_mismatch=_do_not_add_up(order, money, totals, read),
        customer=customer(order),
        shipping_address=address(order, "shipping"),
        billing_address=address(order, "billing"),
        note=order.text("customer_note"),
        tags=(),
        shipping_lines=tuple(_shipping_line(line, money) for line in order.children("shipping_lines")),
        test=False,
        lines=tuple(each.line for each in read),
        pay_on_delivery=payment is PaymentStatus.PENDING and pays_on_delivery(order),
        on_hold=status == Status.ON_HOLD,
    )


def _totals(order: Fields, money: Money, read: tuple[Read, ...]) -> Totals:
    return Totals(
        currency=money.currency,
        subtotal=sum(each.subtotal for each in read),
        discount=money.amount(order, "discount_total", 0),
        shipping=money.amount(order, "shipping_total", 0),
        tax=money.amount(order, "total_tax", 0),
        total=money.amount(order, "total"),
        taxes_included=False,
    )


def _do_not_add_up(order: Fields, money: Money, totals: Totals, read: tuple[Read, ...]) -> bool:
    """Whether the parts miss the total, or the lines' discounts the discount. Fees may be negative."""
    fees = money.total(order.children("fee_lines"), "total")
    parts = totals.subtotal - totals.discount + totals.shipping + totals.tax + fees
    return parts != totals.total or sum(each.line.discount for each in read) != totals.discount


def _shipping_line(line: Fields, money: Money) -> ShippingLine:
    return ShippingLine(
        title=line.text("method_title"),
        code=line.text("method_id"),
        price=money.amount(line, "total", 0),
        discount=0,
        tax=money.amount(line, "total_tax", 0),
    )
