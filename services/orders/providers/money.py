"""Amounts as providers write them, in minor units as RAPPIT keeps them."""

from decimal import Decimal

# Decimals of the currencies that do not have two. Source: ISO 4217, list one, column "minor unit".
_NONE = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF")
_DECIMALS = {
    **dict.fromkeys((*_NONE, "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
GREATEST = 2**63 - 1


def minor_units(amount: Decimal, currency: str) -> int:
    """The amount in minor units of the currency. ValueError where it is finer than the currency, or beyond 64 bits:
    nothing is rounded.
    """
    units = amount.scaleb(_DECIMALS.get(currency, 2))
    whole = int(units)
    if whole != units:
        raise ValueError(f"is finer than {currency} is")
    if abs(whole) > GREATEST:
        raise ValueError("is beyond 64 bits")
    return whole


def in_decimals(units: int, currency: str) -> str:
    """Minor units as a person reads them: "412.00"."""
    return f"{Decimal(units).scaleb(-_DECIMALS.get(currency, 2)):f}"
