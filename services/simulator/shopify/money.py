"""Money as Shopify writes it: decimal text, in the shop's currency and, in a `_set`, in the buyer's as well. Pure."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Self

from simulator.shops.money import PER_DOLLAR, TAX_RATES, smallest
from simulator.shops.money import Currencies as AnyCurrencies
from simulator.shops.provider import Json


class Currencies(AnyCurrencies):
    """The shop's and the buyer's currency, and the fields of amounts in both."""

    __slots__ = ()

    @classmethod
    def of(cls, order: Json) -> Self:
        """Those of an order that was made."""
        return cls(order["currency"], order["presentment_currency"])

    def both(self, amount: Decimal) -> Json:
        """The amount in both currencies; each is rounded by itself, as Shopify does."""
        shown = amount
        if self.presentment != self.shop:
            shown = amount * PER_DOLLAR[self.presentment] / PER_DOLLAR[self.shop]
        shown = shown.quantize(smallest(self.presentment), ROUND_HALF_UP)
        return {
            "shop_money": {"amount": self.text(amount), "currency_code": self.shop},
            "presentment_money": {"amount": f"{shown:f}", "currency_code": self.presentment},
        }

    def fields(self, name: str, amount: Decimal) -> Json:
        """`<name>` and `<name>_set`."""
        return {name: self.text(amount), f"{name}_set": self.both(amount)}

    def tax_lines(self, tax: Decimal) -> list[Json]:
        """What is said of a tax; nothing where there is none."""
        if not tax:
            return []
        rate = float(TAX_RATES[self.shop])
        return [{"channel_liable": False, **self.fields("price", tax), "rate": rate, "title": "VAT"}]
