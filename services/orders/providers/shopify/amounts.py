"""Money in a Shopify body: an amount is `<name>` in the shop's currency and `<name>_set` in both currencies."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from orders.providers.fields import Fields
from orders.providers.money import minor_units

_CURRENCY = re.compile("[A-Z]{3}")


class Side(NamedTuple):
    """One of an order's two currencies, and the name that it has in a `_set`."""

    key: str
    currency: str

    def convert(self, amount: Decimal) -> int:
        """Minor units of this currency."""
        return minor_units(amount, self.currency)


def shop(order: Fields) -> Side:
    """The shop's currency."""
    return Side("shop_money", _currency(order, "currency"))


def presentment(order: Fields) -> Side:
    """The buyer's currency; orders from before there were two have only the shop's."""
    name = "presentment_currency" if order.has("presentment_currency") else "currency"
    return Side("presentment_money", _currency(order, name))


def amount(fields: Fields, name: str, side: Side, default: int | None = None) -> int:
    """An amount on one side. Where the body has none: `default`, or UnreadableBody without one."""
    both = fields.child(f"{name}_set")
    money = both.child(side.key) if both else None
    if money is not None:
        if money.text("currency_code") != side.currency:
            raise money.wrong("currency_code", "is not the order's currency")
        return money.amount("amount", side.convert)
    if side.key != "shop_money":
        name = f"{name}_set"
    if default is not None and not fields.has(name):
        return default
    return fields.amount(name, side.convert)


def total(many: Iterable[Fields], name: str, side: Side) -> int:
    """The sum of one amount over many objects."""
    return sum(amount(fields, name, side) for fields in many)


def allocated_discount(fields: Fields, side: Side) -> int | None:
    """The discounts allocated to a line; None in bodies from before there were allocations."""
    if not fields.has("discount_allocations"):
        return None
    return total(fields.children("discount_allocations"), "amount", side)


def _currency(order: Fields, name: str) -> str:
    currency = order.text(name)
    if not _CURRENCY.fullmatch(currency):
        raise order.wrong(name, "is not a currency's code")
    return currency
