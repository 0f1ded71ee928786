"""Money as shops count it: decimals, in the shop's currency and the one that the buyer saw. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

# ISO 4217, list one, column "minor unit": those that do not have two decimals.
_NONE = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
_DECIMALS = {**dict.fromkeys(_NONE, 0), **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)}

# Units for one US dollar, about: buyers come from these countries.
PER_DOLLAR: Mapping[str, Decimal] = {
    "SAR": Decimal("3.75"),
    "AED": Decimal("3.6725"),
    "BHD": Decimal("0.376"),
    "EGP": Decimal(48),
    "JPY": Decimal(150),
    "KWD": Decimal("0.307"),
    "OMR": Decimal("0.3845"),
    "QAR": Decimal("3.64"),
    "USD": Decimal(1),
}
# Value added tax, included in prices.
TAX_RATES: Mapping[str, Decimal] = {
    "SAR": Decimal("0.15"),
    "AED": Decimal("0.05"),
    "BHD": Decimal("0.10"),
    "EGP": Decimal("0.14"),
    "JPY": Decimal("0.10"),
    "OMR": Decimal("0.05"),
}


def smallest(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01, 1 or 0.001."""
    return Decimal(1).scaleb(-_DECIMALS.get(currency, 2))


@dataclass(frozen=True, slots=True)
class Currencies:
    """The currency that a shop counts in and the one that the buyer saw."""

    shop: str
    presentment: str

    def rounded(self, amount: Decimal) -> Decimal:
        """To what the shop's currency can say."""
        return amount.quantize(smallest(self.shop), ROUND_HALF_UP)

    def text(self, amount: Decimal) -> str:
        """The amount in the shop's currency, with all of its decimals."""
        return f"{self.rounded(amount):f}"

    def tax_in(self, gross: Decimal) -> Decimal:
        """The tax that is included in an amount."""
        rate = TAX_RATES.get(self.shop, Decimal(0))
        return self.rounded(gross * rate / (1 + rate))


def converted(amount: Decimal, currency: str, into: str) -> Decimal:
    """An amount in another currency, rounded to what that can say."""
    if currency == into:
        return amount
    return (amount / PER_DOLLAR[currency] * PER_DOLLAR[into]).quantize(smallest(into), ROUND_HALF_UP)


def allocate(total: Decimal, weights: Sequence[Decimal], step: Decimal) -> list[Decimal]:
    """Split an amount by weight into whole steps that add up to it: what rounding leaves goes to the largest rests."""
    whole = sum(weights, Decimal(0))
    exact = [total * weight / whole if whole else Decimal(0) for weight in weights]
    parts = [part.quantize(step, ROUND_DOWN) for part in exact]
    left = int((total - sum(parts, Decimal(0))) / step)
    by_rest = sorted(range(len(parts)), key=lambda index: exact[index] - parts[index], reverse=True)
    for index in by_rest[:left]:
        parts[index] += step
    return parts
