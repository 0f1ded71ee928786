"""What a Shopify order's body says of money."""

from typing import Any

import pytest

from orders.orders.snapshot import Snapshot, Totals
from orders.providers.shopify.order import read_order
from orders.providers.unreadable_body import UnreadableBody
from tests.given.shopify_orders import body, both, item, placed


def read(order: dict[str, Any]) -> Snapshot:
    return read_order(body(order))


@pytest.mark.parametrize(
    ("currency", "price", "minor_units"),
    [
        ("JPY", "1500", 1500),
        ("JPY", "1500.00", 1500),
        ("SAR", "59.00", 5900),
        ("SAR", "59.5", 5950),
        ("KWD", "4.125", 4125),
        ("KWD", "4", 4000),
        ("BHD", "0.005", 5),
        ("USD", "0.10", 10),
    ],
)
def test_money_is_counted_in_the_minor_units_of_its_currency(currency: str, price: str, minor_units: int) -> None:
    """Trap 18."""
    snapshot = read(placed("#1047", item("TEE-RED", 1, price=price, currency=currency), currency=currency))

    assert (snapshot.totals.currency, snapshot.lines[0].unit_price) == (currency, minor_units)


@pytest.mark.parametrize(("currency", "price"), [("JPY", "1500.5"), ("SAR", "59.005"), ("KWD", "4.1255")])
def test_an_amount_finer_than_its_currency_is_refused_and_not_rounded(currency: str, price: str) -> None:
    """Trap 18."""
    order = placed("#1047", item("TEE-RED", currency=currency), currency=currency)
    order["line_items"][0]["price_set"] = both(price, currency)

    with pytest.raises(UnreadableBody, match=r"^line_items\[0\].price_set.shop_money.amount: is finer than"):
        read(order)


def test_the_buyers_currency_is_kept_beside_the_shops() -> None:
    order = placed("#1047", item("TEE-RED", 1, price="100.00")) | {
        "presentment_currency": "KWD",
        "total_line_items_price_set": both("100.00", "SAR", "8.190", "KWD"),
        "total_discounts_set": both("10.00", "SAR", "0.819", "KWD"),
        "total_tax_set": both("11.74", "SAR", "0.961", "KWD"),
        "total_shipping_price_set": both("5.00", "SAR", "0.410", "KWD"),
        "total_price_set": both("95.00", "SAR", "7.781", "KWD"),
    }

    snapshot = read(order)

    assert snapshot.totals == Totals("SAR", 10000, 1000, 500, 1174, 9500, taxes_included=True)
    assert snapshot.presentment_totals == Totals("KWD", 8190, 819, 410, 961, 7781, taxes_included=True)


def test_a_currency_that_is_not_the_orders_is_refused() -> None:
    order = placed("#1047") | {"total_price_set": both("118.00", "USD")}

    with pytest.raises(UnreadableBody, match=r"total_price_set\.shop_money\.currency_code"):
        read(order)


def test_totals_that_do_not_add_up_are_kept_and_flagged() -> None:
    """Trap 18."""
    order = placed("#1047", item("TEE-RED", 2)) | {"total_price": "99.99", "total_price_set": both("99.99", "SAR")}

    snapshot = read(order | {"current_total_price": "99.99"})

    assert (snapshot.totals.subtotal, snapshot.totals.total) == (11800, 9999)
    assert snapshot.totals_mismatch
    assert not read(placed("#1047", item("TEE-RED", 2))).totals_mismatch


def test_lines_that_miss_the_subtotal_are_flagged_unless_the_order_was_edited() -> None:
    """Trap 18: an edit changes lines and leaves the totals as they were."""
    order = placed("#1047", item("TEE-RED", 2))
    order["line_items"].append(item("CAP"))

    assert read(order).totals_mismatch
    assert not read(order | {"current_total_price": "177.00"}).totals_mismatch


def test_tips_duties_and_fees_are_parts_of_the_total() -> None:
    order = placed("#1047", item("TEE-RED", 1, price="100.00")) | {
        "total_tip_received": "5.00",
        "original_total_duties_set": both("3.00", "SAR"),
        "original_total_additional_fees_set": both("1.00", "SAR"),
        "total_price_set": both("109.00", "SAR"),
    }

    assert not read(order).totals_mismatch
