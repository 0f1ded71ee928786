"""What an order adds up to: as it was placed, and as it is now. Taxes are included in prices. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, Self

from simulator.shopify.money import Currencies
from simulator.shops.provider import Json

Units = Literal["quantity", "current_quantity"]


class Totals(NamedTuple):
    """Amounts in the shop's currency."""

    goods: Decimal
    discount: Decimal
    shipping: Decimal
    tax: Decimal

    @property
    def subtotal(self) -> Decimal:
        """Without shipping."""
        return self.goods - self.discount

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return self.subtotal + self.shipping

    @classmethod
    def of(cls, lines: Sequence[Json], shipping_lines: Sequence[Json], units: Units, currencies: Currencies) -> Self:
        """Add up lines by the units that were ordered or by those that are still wanted."""
        goods = discount = tax = Decimal(0)
        for line in lines:
            share = Decimal(line[units]) / Decimal(line["quantity"])
            goods += Decimal(line["price"]) * line[units]
            discount += currencies.rounded(_sum(line["discount_allocations"], "amount") * share)
            tax += currencies.rounded(_sum(line["tax_lines"], "price") * share)
        kept = [line for line in shipping_lines if not line["is_removed"]]
        tax += sum((_sum(line["tax_lines"], "price") for line in kept), Decimal(0))
        return cls(goods, discount, _sum(kept, "price"), tax)


def fields_as_placed(totals: Totals, currencies: Currencies) -> Json:
    """The fields that never change after the order was placed."""
    return {
        "original_total_additional_fees_set": None,
        "original_total_duties_set": None,
        **currencies.fields("subtotal_price", totals.subtotal),
        "tax_lines": currencies.tax_lines(totals.tax),
        **currencies.fields("total_discounts", totals.discount),
        **currencies.fields("total_line_items_price", totals.goods),
        **currencies.fields("total_price", totals.total),
        "total_shipping_price_set": currencies.both(totals.shipping),
        **currencies.fields("total_tax", totals.tax),
        "total_tip_received": currencies.text(Decimal(0)),
    }


def current_fields(totals: Totals, currencies: Currencies) -> Json:
    """The fields that follow edits, refunds and cancels."""
    return {
        **currencies.fields("current_subtotal_price", totals.subtotal),
        "current_total_additional_fees_set": None,
        **currencies.fields("current_total_discounts", totals.discount),
        "current_total_duties_set": None,
        **currencies.fields("current_total_price", totals.total),
        **currencies.fields("current_total_tax", totals.tax),
    }


def _sum(entries: Sequence[Json], name: str) -> Decimal:
    return sum((Decimal(entry[name]) for entry in entries), Decimal(0))
