"""Money in a WooCommerce body: decimals as text, in the order's one currency, always without taxes."""

import re
from collections.abc import Iterable
from decimal import Decimal

from orders.providers.fields import Fields
from orders.providers.money import minor_units

_CURRENCY = re.compile("[A-Z]{3}")


class Money:
    """The currency of an order, in which its amounts are read."""

    def __init__(self, order: Fields) -> None:
        self.currency = order.text("currency")
        if not _CURRENCY.fullmatch(self.currency):
            raise order.wrong("currency", "is not a currency's code")

    def amount(self, fields: Fields, name: str, default: int | None = None) -> int:
        """An amount in minor units. Where the body has none: `default`, or UnreadableBody without one."""
        if default is not None and not fields.has(name):
            return default
        return fields.amount(name, self._minor_units)

    def total(self, many: Iterable[Fields], name: str) -> int:
        """The sum of one amount over many objects."""
        return sum(self.amount(fields, name, 0) for fields in many)

    def _minor_units(self, amount: Decimal) -> int:
        return minor_units(amount, self.currency)
