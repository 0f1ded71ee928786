"""Orders as chance draws them, in several currencies."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

from simulator.shopify.identifiers import Identifiers
from simulator.shopify.order import make_order
from simulator.shops.checkout import CheckoutShares, draw_checkout
from simulator.shops.money import smallest
from simulator.shops.product import Product
from simulator.shops.provider import Json

NOW = datetime(2026, 11, 2, 11, 2, tzinfo=UTC)
SHOP = "riyadh.myshopify.com"
IDS = Identifiers(SHOP)
OFTEN = CheckoutShares(paid=0.5, discount=0.5, guest=0.3, foreign=0.4)
PRICES = (5900, 34900, 8950, 35, 1)


def products(currency: str = "SAR") -> list[Product]:
    """What a shop sells, in its smallest units."""
    return [
        Product(sku=f"SKU-{index}", title=f"Thing {index} · شيء", price=Decimal(price) * smallest(currency))
        for index, price in enumerate(PRICES)
    ]


def drawn(count: int = 60, currencies: tuple[str, ...] = ("SAR", "KWD", "JPY", "EUR")) -> Iterator[Json]:
    """So many orders, of every kind that there is."""
    random = Random(11)
    for number in range(1001, 1001 + count):
        currency = random.choice(currencies)
        checkout = draw_checkout(products(currency), currency, OFTEN, random)
        yield make_order(IDS, number, checkout, NOW)


def one(*, units: tuple[int, ...] = (2, 1), is_paid: bool = False, **shares: float) -> Json:
    """One order in riyals, of the first products, nothing else about it left to chance."""
    calm = CheckoutShares(**{"paid": 0, "discount": 0, "guest": 0, "foreign": 0} | shares)
    pieces = list(zip(products(), units, strict=False))
    return make_order(IDS, 1001, draw_checkout(products(), "SAR", calm, Random(5), pieces=pieces, is_paid=is_paid), NOW)
