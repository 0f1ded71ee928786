"""Money as Shopify writes it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.shopify.money import Currencies
from simulator.shops.money import allocate


@pytest.mark.parametrize(("currency", "text"), [("SAR", "59.00"), ("JPY", "59"), ("KWD", "59.000"), ("XXX", "59.00")])
def test_a_currency_has_its_own_decimals(currency: str, text: str) -> None:
    """Trap 18."""
    money = Currencies(currency, currency).both(Decimal(59))

    assert Currencies(currency, currency).text(Decimal(59)) == text
    assert money == {
        "shop_money": {"amount": text, "currency_code": currency},
        "presentment_money": {"amount": text, "currency_code": currency},
    }


def test_a_buyer_sees_another_currency_with_its_own_decimals() -> None:
    """Trap 18."""
    assert Currencies("SAR", "KWD").both(Decimal("75.00")) == {
        "shop_money": {"amount": "75.00", "currency_code": "SAR"},
        "presentment_money": {"amount": "6.140", "currency_code": "KWD"},
    }


def test_tax_is_part_of_the_price() -> None:
    currencies = Currencies("SAR", "SAR")
    tax = currencies.tax_in(Decimal("115.00"))

    assert tax == Decimal("15.00")
    assert [(line["rate"], line["price"]) for line in currencies.tax_lines(tax)] == [(0.15, "15.00")]


def test_where_there_is_no_tax_there_are_no_tax_lines() -> None:
    currencies = Currencies("KWD", "KWD")

    assert currencies.tax_lines(currencies.tax_in(Decimal("10.000"))) == []


@given(st.integers(0, 10_000), st.lists(st.integers(1, 1_000), min_size=1, max_size=6))
def test_what_is_allocated_adds_up_and_no_part_is_off_by_a_step(total: int, weights: list[int]) -> None:
    """Trap 18."""
    step, whole = Decimal("0.01"), Decimal(total) / 100
    parts = allocate(whole, [Decimal(weight) for weight in weights], step)

    assert sum(parts) == whole
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - whole * weight / sum(weights)) < step
