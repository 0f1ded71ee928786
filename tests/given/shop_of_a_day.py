"""Shops whose orders are no more than their units, and what is done in them, in books that are simply kept."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

from simulator.shops.checkout import Pieces, draw_checkout
from simulator.shops.order_book import Version, Versions
from simulator.shops.provider import ChangeRefused, Json, Verb
from simulator.shops.shop_settings import ShopSettings
from tests.given.books import Books

KEPT = 200


class ShopOfADay:
    """A shop whose orders are no more than their units; one that is not paid does not leave."""

    def __init__(self, name: str, settings: ShopSettings) -> None:
        self.name = name
        self.settings = settings
        self.rate_per_minute = settings.rate_per_minute
        self.orders = self
        self.placed: dict[int, Json] = {}
        self.count = 0

    @property
    def open_orders(self) -> list[int]:
        return [number for number, order in self.placed.items() if order["open"]]

    def latest(self, limit: int) -> Iterator[Versions]:
        return (self._versions(order) for order in list(self.placed.values())[: -limit - 1 : -1])

    def find(self, number: int) -> Versions:
        return self._versions(self.placed[number])

    def add(self, units: Counter[str], *, is_paid: bool) -> Json:
        self.count += 1
        order = {"name": f"{self.name} {self.count}", "units": units, "open": True, "paid": is_paid}
        self.placed[self.count] = order
        self.placed.pop(self.count - KEPT, None)
        return order

    @staticmethod
    def _versions(order: Json) -> Versions:
        return (Version(order, "", "", {}),)


class StorefrontOfADay:
    """Does in the books what a storefront tells its receiver of; what is sent twice or forged changes nothing."""

    def __init__(self, books: Books, hot_sku: str, random: Random) -> None:
        self.books = books
        self.hot_sku = hot_sku
        self.random = random
        self.reserved = 0
        self.hot = 0

    def place(self, shop: ShopOfADay, **_delay: float) -> None:
        settings = shop.settings
        drawn = draw_checkout(settings.products, settings.currency, settings.shares, self.random)
        units = Counter({product.sku: count for product, count in drawn.pieces})
        order = shop.add(units, is_paid=drawn.is_paid)
        self.reserved += self.books.want(order["name"], units)
        self.hot += self.hot_sku in units

    def change(self, _shop: ShopOfADay, order: Json, verb: Verb) -> Json:
        if verb is Verb.TOUCH:
            return order
        if not order["open"] or (verb is Verb.PAY and order["paid"]) or (verb is Verb.FULFIL and not order["paid"]):
            raise ChangeRefused("it left, or the money is missing, or there")
        if verb is Verb.PAY:
            order["paid"] = True
            return order
        (self.books.leave if verb is Verb.FULFIL else self.books.give_back)(order["name"])
        order["open"] = False
        return order

    def edit(self, _shop: ShopOfADay, order: Json, wanted: Pieces) -> Json:
        if not order["open"]:
            raise ChangeRefused("it left")
        for product, count in wanted:
            order["units"][product.sku] = count
        self.books.want(order["name"], order["units"])
        return order

    def send_again(self, *_: Any) -> None:
        pass

    def send_older(self, *_: Any) -> bool:
        return True

    def forge(self, *_: Any) -> None:
        pass
