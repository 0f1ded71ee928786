"""What is done in a shop, by buyers, by its merchant, and by the network: kept first, then told to its receiver."""

import asyncio
from datetime import datetime
from random import Random

from chassis.clock import Clock
from simulator.faults import Fault
from simulator.shopify.changes import Change, changed
from simulator.shopify.checkout import Pieces, draw_checkout
from simulator.shopify.deliveries import forged, of_action, older_copy, repeated
from simulator.shopify.money import Json
from simulator.shopify.order import make_order
from simulator.shopify.order_book import Version, Versions
from simulator.shopify.sender import Sender, Status
from simulator.shopify.shop import Shop
from simulator.shopify.webhook import Delivery, triggered_at

CREATED, PAID = "orders/create", "orders/paid"

First = tuple[Delivery, "asyncio.Future[Status]"]


class Storefront:
    """The verbs. All of them only begin to send; nothing waits for a receiver."""

    def __init__(self, sender: Sender, clock: Clock, random: Random) -> None:
        self._sender = sender
        self._clock = clock
        self._random = random

    def place(
        self, shop: Shop, *, pieces: Pieces | None = None, is_paid: bool | None = None, delay_seconds: float = 0.0
    ) -> Json:
        """A buyer places an order: of these products and units, or of what chance picks."""
        settings, now = shop.settings, self._clock.now()
        checkout = draw_checkout(
            settings.products, settings.currency, settings.shares, self._random, pieces=pieces, is_paid=is_paid
        )
        order = make_order(shop.ids, shop.orders.next_number, checkout, now)
        self._tell(shop, order, (CREATED, PAID) if checkout.is_paid else (CREATED,), now, delay_seconds)
        return order

    def change(self, shop: Shop, order: Json, change: Change) -> Json:
        """The order after a change. Raises ChangeRefused."""
        now = self._clock.now()
        after = changed(shop.ids, order, change.apply, now)
        self._tell(shop, after, change.topics, now)
        return after

    def send_again(self, shop: Shop, versions: Versions, *, times: int = 1, delay_seconds: float = 0.0) -> list[First]:
        """The last delivery of an order so many times more, all at once."""
        delivery = repeated(shop.name, versions, Fault.DELAYED if delay_seconds else Fault.REPEAT)
        return [self._begin(shop, delivery, delay_seconds) for _ in range(times)]

    def send_older(self, shop: Shop, versions: Versions, *, times: int = 1, delay_seconds: float = 0.0) -> list[First]:
        """The order as it was before its last change; nothing where it never changed."""
        delivery = older_copy(shop.name, versions, str(self._clock.new_id()))
        return [self._begin(shop, delivery, delay_seconds) for _ in range(times)] if delivery else []

    def forge(self, shop: Shop, versions: Versions, *, times: int = 1, delay_seconds: float = 0.0) -> list[First]:
        """Somebody else sends a version of the order that the shop never made."""
        delivery = forged(shop.ids, versions, str(self._clock.new_id()), self._clock.now())
        return [self._begin(shop, delivery, delay_seconds) for _ in range(times)]

    def _tell(
        self, shop: Shop, order: Json, topics: tuple[str, ...], now: datetime, delay_seconds: float = 0.0
    ) -> None:
        webhook_ids = {topic: str(self._clock.new_id()) for topic in topics}
        version = Version(order, str(self._clock.new_id()), triggered_at(now), webhook_ids)
        shop.orders.add(version)
        deliveries = of_action(shop.name, version, Fault.DELAYED if delay_seconds else None)
        self._random.shuffle(deliveries)
        for delivery in deliveries:
            self._begin(shop, delivery, delay_seconds)

    def _begin(self, shop: Shop, delivery: Delivery, after: float) -> First:
        return delivery, self._sender.submit(shop, delivery, after=after)
