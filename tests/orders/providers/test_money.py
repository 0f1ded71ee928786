"""Amounts in minor units."""

from decimal import Decimal

import pytest

from orders.providers.money import in_decimals, minor_units


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("412", "JPY", 412),
        ("4.12", "SAR", 412),
        ("4.125", "KWD", 4125),
        ("4.1250", "CLF", 41250),
        ("-4.1", "SAR", -410),
    ],
)
def test_each_currency_has_its_decimals(amount: str, currency: str, units: int) -> None:
    """Trap 18."""
    assert minor_units(Decimal(amount), currency) == units


@pytest.mark.parametrize(("amount", "currency"), [("4.125", "SAR"), ("0.5", "JPY"), ("4.12345", "CLF")])
def test_nothing_is_rounded(amount: str, currency: str) -> None:
    """Trap 18."""
    with pytest.raises(ValueError, match=f"is finer than {currency} is"):
        minor_units(Decimal(amount), currency)


def test_nothing_passes_64_bits() -> None:
    assert minor_units(Decimal("92233720368547758.07"), "SAR") == 2**63 - 1
    with pytest.raises(ValueError, match="is beyond 64 bits"):
        minor_units(Decimal("92233720368547758.08"), "SAR")


@pytest.mark.parametrize(
    ("units", "currency", "text"), [(41200, "SAR", "412.00"), (4125, "KWD", "4.125"), (41200, "JPY", "41200")]
)
def test_minor_units_are_read_with_the_decimals_of_their_currency(units: int, currency: str, text: str) -> None:
    assert in_decimals(units, currency) == text
