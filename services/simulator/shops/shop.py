"""A shop: its settings, its orders, and what it has still to tell; and all shops, each in a folder of its name."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from chassis.telemetry.logs import conceal
from simulator.shops.files import make_folder, write
from simulator.shops.order_book import OrderBook, Version, Versions
from simulator.shops.pending import Pending
from simulator.shops.product import Product
from simulator.shops.provider import Provider
from simulator.shops.shop_settings import Retries, ShopSettings, load_settings, save_settings

_SETTINGS = "shop.json"
_RUN = "run"
_MOST_DIGITS = 20


class Shop:
    """One shop. `name` is its domain. Until it `is_open` it rests: it sells and sends nothing."""

    def __init__(self, name: str, provider: Provider, settings: ShopSettings, folder: Path) -> None:
        self.name = name
        self.provider = provider
        self.settings = settings
        self.is_open = asyncio.Event()
        self.orders = OrderBook(folder / "orders")
        self.pending = Pending(folder / "pending")
        kept = (versions[-1].order for versions in self.orders.latest(len(self.orders)))
        self._open = {provider.number(order) for order in kept if provider.is_open(order)}

    @property
    def rate_per_minute(self) -> float:
        """New orders each minute of the clock; none while it rests."""
        return self.settings.rate_per_minute * self.settings.speed if self.is_open.is_set() else 0.0

    @property
    def pauses(self) -> list[float]:
        """Seconds to wait before each further try of a delivery that nobody took."""
        return (self.settings.retries or Retries(count=self.provider.retries)).pauses()

    @property
    def open_orders(self) -> list[int]:
        """Numbers of the orders of which something is still to leave, the oldest first."""
        return sorted(self._open)

    def keep(self, version: Version) -> None:
        """An order as it is from now on."""
        number = self.provider.number(version.order)
        self.orders.add(number, version)
        if self.provider.is_open(version.order):
            self._open.add(number)
        else:
            self._open.discard(number)

    def product(self, sku: str) -> Product | None:
        """What it sells under this SKU."""
        return next((product for product in self.settings.products if product.sku == sku), None)

    def find(self, order: str) -> Versions | None:
        """An order by its name ("#1001", "1001") or its id."""
        digits = order.removeprefix("#")
        if not (digits.isascii() and digits.isdigit() and len(digits) < _MOST_DIGITS):
            return None
        number = int(digits)
        return self.orders.find(self.provider.number_of_id(self.name, number) or number)

    def shown(self) -> dict[str, Any]:
        """The shop as it may be read: without its secret."""
        return {
            "shop": self.name,
            **self.settings.model_dump(mode="json", exclude={"secret", "api_credential"}),
            "is_open": self.is_open.is_set(),
            "orders": len(self.orders),
            "next_order": f"#{self.orders.next_number}",
            "open_orders": len(self._open),
            "pending_deliveries": len(self.pending),
        }


class Shops:
    """All shops that were ever opened in this folder; those open that were opened in this very run.

    `provider_of` says what a shop of a name runs on.
    """

    def __init__(self, folder: Path, provider_of: Callable[[str], Provider], run: str = "") -> None:
        self._provider_of = provider_of
        self._folder = make_folder(folder)
        self._run = run
        self._shops: dict[str, Shop] = {}
        for file in sorted(folder.glob(f"*/{_SETTINGS}")):
            shop = self._hold(file.parent.name, load_settings(file))
            if not run or _run_of(file.parent) == run:
                shop.is_open.set()

    def __iter__(self) -> Iterator[Shop]:
        return iter(tuple(self._shops.values()))

    def get(self, name: str) -> Shop | None:
        """The shop of this name."""
        return self._shops.get(name)

    def open(self, name: str, settings: ShopSettings) -> Shop:
        """Open a shop, or give an open one new settings; its orders stay."""
        folder = make_folder(self._folder / name)
        save_settings(folder / _SETTINGS, settings)
        write(folder / _RUN, self._run)
        shop = self._hold(name, settings)
        shop.is_open.set()
        return shop

    def _hold(self, name: str, settings: ShopSettings) -> Shop:
        for secret in filter(None, (settings.secret, settings.api_credential)):
            conceal(secret.get_secret_value())
        shop = self._shops.get(name)
        if shop is None:
            shop = self._shops[name] = Shop(name, self._provider_of(name), settings, self._folder / name)
        shop.settings = settings
        return shop


def _run_of(folder: Path) -> str:
    """In which run the shop was opened last."""
    file = folder / _RUN
    return file.read_text() if file.exists() else ""
