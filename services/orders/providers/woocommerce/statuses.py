"""What a WooCommerce order's status means: one word for payment, fulfilment and cancel, which are three things here.

Source: WooCommerce's order statuses. A shop's plugins may add others ("awaiting-pickup"): such an order is open, and
paid when it has a date of payment.
"""

from enum import StrEnum

from orders.orders.snapshot import CancelReason, PaymentStatus
from orders.providers.cash_on_delivery import is_cash_on_delivery
from orders.providers.fields import Fields
from orders.providers.woocommerce.amounts import Money


class Status(StrEnum):
    """The statuses with a meaning of their own."""

    PENDING = "pending"
    ON_HOLD = "on-hold"
    PROCESSING = "processing"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    REFUNDED = "refunded"
    TRASH = "trash"


# A cart on its way through the checkout, or a form that nobody has saved: no order yet.
DRAFTS = frozenset({"checkout-draft", "auto-draft", "draft"})
CLOSED: frozenset[str] = frozenset({Status.COMPLETED, Status.CANCELLED, Status.FAILED, Status.REFUNDED, Status.TRASH})
CANCEL_REASONS: dict[str, CancelReason] = {
    # By the buyer, by people of the shop, or for an unpaid order's time being up: WooCommerce does not say.
    Status.CANCELLED: CancelReason.OTHER,
    Status.FAILED: CancelReason.PAYMENT_FAILED,
    Status.TRASH: CancelReason.OTHER,
}


def payment_status(order: Fields, status: str, money: Money) -> PaymentStatus:
    """Whether the order is paid, as its status, its date of payment and its refunds say together."""
    # Refunds are negative amounts.
    refunded = -sum(money.amount(refund, "total", 0) for refund in order.children("refunds"))
    if status == Status.REFUNDED or refunded >= money.amount(order, "total") > 0:
        return PaymentStatus.REFUNDED
    if refunded > 0:
        return PaymentStatus.PARTIALLY_REFUNDED
    if order.has("date_paid_gmt"):
        return PaymentStatus.PAID
    if status == Status.FAILED:
        return PaymentStatus.VOIDED
    # The shop goes to work on it before there is money: it has a promise that counts as good.
    if status == Status.PROCESSING and not pays_on_delivery(order):
        return PaymentStatus.AUTHORIZED
    return PaymentStatus.PAID if status == Status.COMPLETED else PaymentStatus.PENDING


def pays_on_delivery(order: Fields) -> bool:
    """Whether the buyer chose to pay when the goods are there; the id is a plugin's, the title the merchant's."""
    return is_cash_on_delivery(order.text("payment_method")) or is_cash_on_delivery(order.text("payment_method_title"))


def has_left(order: Fields, status: str) -> bool:
    """Whether the goods left: WooCommerce knows that of whole orders alone. One that is refunded, or only put into the
    bin, brings no goods back."""
    return status == Status.COMPLETED or (status in {Status.REFUNDED, Status.TRASH} and order.has("date_completed_gmt"))
