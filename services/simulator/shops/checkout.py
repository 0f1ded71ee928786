"""What a buyer decided at the checkout: drawn by chance, within what the shop sells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from pydantic import BaseModel, ConfigDict, Field

from simulator.shops.money import PER_DOLLAR, Currencies, converted
from simulator.shops.people import PEOPLE, PLACES, Person, Place
from simulator.shops.product import Product

_SHIPPING_DOLLARS = 5
_MOST_LINES = 3
_MOST_UNITS = 3

Pieces = Sequence[tuple[Product, int]]


class CheckoutShares(BaseModel):
    """Shares of new orders, 0 to 1: paid at once, discounted, by guests, in another currency than the shop's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    paid: float = Field(default=0.6, ge=0, le=1)
    discount: float = Field(default=0.2, ge=0, le=1)
    guest: float = Field(default=0.1, ge=0, le=1)
    foreign: float = Field(default=0.05, ge=0, le=1)


@dataclass(frozen=True, slots=True)
class Checkout:
    """Everything about a new order that its shop did not decide."""

    pieces: Pieces
    person: Person
    place: Place
    currencies: Currencies
    shipping: Decimal
    is_guest: bool
    is_paid: bool
    is_discounted: bool

    def in_buyers_currency(self) -> "Checkout":
        """The same in a shop that counts each order in its buyer's currency."""
        shop, buyers = self.currencies.shop, self.currencies.presentment
        return replace(
            self,
            pieces=[(priced_in(product, shop, buyers), units) for product, units in self.pieces],
            currencies=Currencies(buyers, buyers),
            shipping=converted(self.shipping, shop, buyers),
        )


def priced_in(product: Product, shop: str, buyers: str) -> Product:
    """A product of a shop at its price in a buyer's currency."""
    return product.model_copy(update={"price": converted(product.price, shop, buyers)})


def draw_checkout(
    products: Sequence[Product],
    currency: str,
    shares: CheckoutShares,
    random: Random,
    *,
    foreign: Sequence[str] = tuple(PER_DOLLAR),
    pieces: Pieces | None = None,
    is_paid: bool | None = None,
) -> Checkout:
    """A buyer's choice of one to three products, one to three units of each, where `pieces` does not say what.

    foreign: the currencies of buyers who have another one than the shop's.
    """
    currencies = Currencies(currency, currency)
    others = [other for other in foreign if other != currency]
    if others and currency in PER_DOLLAR and random.random() < shares.foreign:
        currencies = Currencies(currency, random.choice(others))
    shipping = (_SHIPPING_DOLLARS * PER_DOLLAR.get(currency, Decimal(1))).to_integral_value()
    drawn = _draw(products, random.randint(1, _MOST_LINES), random)
    return Checkout(
        pieces=pieces or [(product, random.randint(1, _MOST_UNITS)) for product in drawn],
        person=random.choice(PEOPLE),
        place=random.choice(PLACES),
        currencies=currencies,
        shipping=random.choice((Decimal(0), shipping)),
        is_guest=random.random() < shares.guest,
        is_paid=random.random() < shares.paid if is_paid is None else is_paid,
        is_discounted=random.random() < shares.discount,
    )


def _draw(products: Sequence[Product], count: int, random: Random) -> list[Product]:
    """So many different products, or all there are: the popular ones more often."""
    left, drawn = list(products), list[Product]()
    while left and len(drawn) < count:
        (index,) = random.choices(range(len(left)), [product.popularity for product in left])
        drawn.append(left.pop(index))
    return drawn
