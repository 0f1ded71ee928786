"""When an order that is not paid reserves stock, and for how long."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from orders.orders.order import Order
from orders.orders.payment import under_policy
from orders.orders.snapshot import PaymentStatus
from orders.stores.store import Provider, ReserveWhen, Store
from tests.given.snapshots import TIME as NOW
from tests.given.snapshots import snapshot

HOUR = timedelta(hours=1)
UNPAID = [PaymentStatus.PENDING, PaymentStatus.VOIDED]


def order(status: PaymentStatus, *, pay_on_delivery: bool = False, age: timedelta = timedelta()) -> Order:
    time = NOW - age
    said = snapshot(payment_status=status, pay_on_delivery=pay_on_delivery)
    return Order(UUID(int=1), UUID(int=2), "Riyadh", said, (), time, time, time)


def store(when: ReserveWhen = ReserveWhen.ON_ORDER, expiry: timedelta = timedelta()) -> Store:
    named = Store(UUID(int=2), Provider.SHOPIFY, "Riyadh", "riyadh.myshopify.com", 1, NOW, NOW)
    return replace(named, reserve_when=when, unpaid_expiry=expiry)


@pytest.mark.parametrize("status", PaymentStatus)
def test_a_store_that_reserves_on_payment_waits_for_it(status: PaymentStatus) -> None:
    """Trap 41."""
    assert under_policy(order(status), store(ReserveWhen.ON_PAYMENT), NOW).awaiting_payment == (status in UNPAID)


@pytest.mark.parametrize("status", PaymentStatus)
def test_an_unpaid_reservation_ends_when_it_is_due(status: PaymentStatus) -> None:
    """Trap 41."""
    policy = store(expiry=2 * HOUR)
    due = NOW + HOUR if status in UNPAID else None

    young, old = (under_policy(order(status, age=age), policy, NOW) for age in (HOUR, 2 * HOUR))

    assert (young.awaiting_payment, young.reservation_due) == (False, due)
    assert old.awaiting_payment == (status in UNPAID)


def test_without_an_expiry_it_lasts() -> None:
    found = under_policy(order(PaymentStatus.PENDING, age=1000 * HOUR), store(), NOW)

    assert (found.awaiting_payment, found.reservation_due) == (False, None)


@pytest.mark.parametrize("when", ReserveWhen)
def test_cash_on_delivery_is_waited_for_by_nobody(when: ReserveWhen) -> None:
    cash = order(PaymentStatus.PENDING, pay_on_delivery=True, age=9 * HOUR)

    assert under_policy(cash, store(when, HOUR), NOW) == cash


def test_an_order_that_was_entered_here_reserves_at_once() -> None:
    entered = replace(order(PaymentStatus.PENDING), store_id=None)

    assert under_policy(entered, None, NOW) == entered


def test_a_payment_ends_the_waiting() -> None:
    """Trap 41."""
    waiting = replace(order(PaymentStatus.PAID), awaiting_payment=True, reservation_due=NOW)

    assert under_policy(waiting, store(ReserveWhen.ON_PAYMENT, HOUR), NOW) == order(PaymentStatus.PAID)
