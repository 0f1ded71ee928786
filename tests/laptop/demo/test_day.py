"""A day of the demo's stores and suppliers, against books that are simply kept: no process, and no clock."""

from dataclasses import dataclass
from random import Random
from typing import cast

from laptop.demo.catalogue import UNKNOWN_ITEM
from laptop.demo.made import Door, Place
from laptop.demo.organizations import SOUQ, Store
from laptop.demo.receive_goods import LOOK_SECONDS
from laptop.demo.shop import MOST_OPEN_ORDERS, shop_of
from laptop.demo.supply import Supply
from simulator.pace import Pace
from simulator.shops.shop import Shop
from simulator.shops.shop_settings import ShopSettings
from simulator.shops.storefront import Storefront
from simulator.shops.traffic import Traffic
from tests.given.books import Books
from tests.given.shop_of_a_day import ShopOfADay, StorefrontOfADay

WAREHOUSES = ("MAIN", "JEDDAH")


@dataclass
class Hour:
    """Orders in an hour: placed, reserved the moment they came, with the hot item; the most that waited at once."""

    placed: int = 0
    reserved: int = 0
    hot: int = 0
    most_short: int = 0


def settings_of(store: Store) -> ShopSettings:
    """The shop as the laptop tells it to be."""
    door = Door("", "http://127.0.0.1:1/hook", store.shop, "secret")
    return ShopSettings.model_validate(shop_of(SOUQ, store, door, speed=1))


class Day:
    """The stores of the demo, their stock and who supplies it."""

    def __init__(self, random: Random) -> None:
        places = [
            Place(item.sku, warehouse, item.sku, warehouse, shelf)
            for item in SOUQ.stocked
            for warehouse, shelf in zip(WAREHOUSES, item.shelves, strict=False)
        ]
        opening = {(place.sku, place.warehouse): place.shelf.full for place in places}
        self.books = Books(opening, WAREHOUSES, {UNKNOWN_ITEM.sku})
        self.supply = Supply(places, random)
        self.storefront = StorefrontOfADay(self.books, SOUQ.sold[0].sku, random)
        self.shops = [ShopOfADay(store.shop, settings_of(store)) for store in SOUQ.stores]
        traffic = Traffic(cast("Storefront", self.storefront), random)
        self.pace = Pace(self.shops, lambda shop: traffic.beat(cast("Shop", shop)), random)

    def hour(self, number: int) -> Hour:
        """One hour of it, a look after the other."""
        seen = Hour()
        before = sum(shop.count for shop in self.shops), self.storefront.reserved, self.storefront.hot
        for look in range(int(3600 / LOOK_SECONDS)):
            now = number * 3600 + look * LOOK_SECONDS
            self.pace.turn(LOOK_SECONDS)
            self.supply.order(self.books.free, now)
            for receipt in self.supply.arrived(now):
                self.books.receive((receipt.place.sku, receipt.place.warehouse), receipt.units)
                self.supply.put_away(receipt)
            seen.most_short = max(seen.most_short, len(self.books.waiting))
        after = sum(shop.count for shop in self.shops), self.storefront.reserved, self.storefront.hot
        seen.placed, seen.reserved, seen.hot = (now - then for now, then in zip(after, before, strict=True))
        return seen


def test_a_day_of_the_demo_ends_as_it_began() -> None:
    day = Day(Random(3))
    opened = day.books.on_hand
    short = 0
    for number in range(24):
        hour = day.hour(number)
        assert 600 < hour.placed < 840
        assert 0.95 * hour.placed < hour.reserved <= hour.placed
        assert hour.hot > 0.4 * hour.placed
        assert hour.most_short < 10
        assert 0.8 * opened < day.books.on_hand < 1.2 * opened
        assert sum(len(shop.open_orders) for shop in day.shops) <= 2 * MOST_OPEN_ORDERS
        short += hour.placed - hour.reserved
    assert short > 24
    assert day.books.left_unreserved == 0
