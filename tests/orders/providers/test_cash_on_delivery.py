"""Cash on delivery is payable, by whatever name the merchant gave it."""

import pytest

from orders.orders.snapshot import PaymentStatus, Snapshot
from orders.providers.cash_on_delivery import is_cash_on_delivery
from orders.providers.shopify.order import read_order
from tests.given.shopify_orders import Json, body, cancelled, paid, placed

COD = ["Cash on Delivery (COD)"]


def read(order: Json) -> Snapshot:
    return read_order(body(order))


@pytest.mark.parametrize(
    "name",
    ["Cash on Delivery (COD)", "cash_on_delivery", "COD", "cod_with_fee", "Pay on delivery", "الدفع عند الاستلام"],
)
def test_merchants_call_it_so(name: str) -> None:
    assert is_cash_on_delivery(name)


@pytest.mark.parametrize("name", ["", "shopify_payments", "Bank Deposit", "codex", "manual", "mada", "Tabby"])
def test_other_ways_to_pay_are_not_it(name: str) -> None:
    assert not is_cash_on_delivery(name)


def test_an_order_at_shopify_that_is_paid_at_the_door_is_payable() -> None:
    cash = placed(financial_status="pending", payment_gateway_names=["gift_card", *COD])
    old = placed(financial_status="pending", gateway="Cash on Delivery (COD)")
    bank = placed(financial_status="pending", payment_gateway_names=["Bank Deposit"])

    assert [(read(order).pay_on_delivery, read(order).unpaid) for order in (cash, old, bank)] == [
        (True, False),
        (True, False),
        (False, True),
    ]


def test_once_it_is_paid_or_will_not_be_the_way_to_pay_says_nothing() -> None:
    cash = placed(financial_status="pending", payment_gateway_names=COD)

    after = [read(paid(cash)), read(cash | {"financial_status": "voided"}), read(cancelled(cash))]

    assert [(said.payment_status, said.unpaid) for said in after[:2]] == [
        (PaymentStatus.PAID, False),
        (PaymentStatus.VOIDED, True),
    ]
    assert after[2].cancel_time
