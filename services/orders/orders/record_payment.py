"""RecordPayment."""

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.errors import OrderCancelled, PaymentOfStore
from orders.orders.change import Entry, settle
from orders.orders.load_orders import lock_order_as_seen
from orders.orders.order import Order
from orders.orders.save_changes import save_changes
from orders.orders.snapshot import PaymentStatus


@dataclass(frozen=True)
class Payment:
    """An order is paid. `note`: how. `etag`: of the order that was seen; empty for any."""

    order_id: UUID
    note: str
    etag: str


async def record_payment(tx: Transaction, clock: Clock, payment: Payment, actor: str, cause: str) -> Order:
    """Mark an order as paid that was entered here. Its entry repeated is known by its digest, and takes nothing back.

    Raises OrderNotFound, PaymentOfStore, OrderCancelled, ChangedMeanwhile.
    """
    order = await lock_order_as_seen(tx, payment.order_id, payment.etag)
    if order.store_id is not None:
        raise PaymentOfStore(order.id)
    if order.cancelled:
        raise OrderCancelled(order.id)
    old = order.snapshot.payment_status
    if old is PaymentStatus.PAID:
        return order
    paid = replace(order.snapshot, payment_status=PaymentStatus.PAID)
    message = f"{old} before, {PaymentStatus.PAID} now"
    entry = Entry("PAYMENT_CHANGED", message, payment.note, old, PaymentStatus.PAID)
    change = settle(order, replace(order, snapshot=paid), [entry], actor=actor, cause=cause, now=clock.now())
    await save_changes(tx, clock, [change])
    return change.after
