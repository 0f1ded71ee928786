"""What is done in a shop, by buyers, by its merchant, and by the network: kept first, then told to its receiver."""

import asyncio
from datetime import UTC, datetime
from random import Random

from chassis.clock import Clock
from simulator.faults import Fault
from simulator.shops.checkout import Pieces, draw_checkout
from simulator.shops.deliveries import forged, of_action, older_copy, repeated
from simulator.shops.delivery import Delivery
from simulator.shops.order_book import Version, Versions
from simulator.shops.provider import Json, Told, Verb
from simulator.shops.sender import Sender, Status
from simulator.shops.shop import Shop

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
        settings = shop.settings
        checkout = draw_checkout(
            settings.products,
            settings.currency,
            settings.shares,
            self._random,
            foreign=settings.buyers_currencies,
            pieces=pieces,
            is_paid=is_paid,
        )
        told = shop.provider.place(shop.name, shop.orders.next_number, checkout, self._clock.now())
        return self._tell(shop, told, delay_seconds)

    def change(self, shop: Shop, order: Json, verb: Verb) -> Json:
        """The order after a change. Raises ChangeRefused."""
        return self._tell(shop, shop.provider.change(shop.name, order, verb, self._clock.now()))

    def edit(self, shop: Shop, order: Json, wanted: Pieces) -> Json:
        """The order with these units of these products from now on. Raises ChangeRefused."""
        return self._tell(shop, shop.provider.edit(shop.name, order, wanted, self._clock.now()))

    def send_again(self, shop: Shop, versions: Versions, *, times: int = 1, delay_seconds: float = 0.0) -> list[First]:
        """The last delivery of an order so many times more, all at once."""
        delivery = repeated(shop, versions, Fault.DELAYED if delay_seconds else Fault.REPEAT)
        return [self._begin(shop, delivery, delay_seconds) for _ in range(times)]

    def send_older(self, shop: Shop, versions: Versions, *, times: int = 1, delay_seconds: float = 0.0) -> list[First]:
        """The order as it was before its last change; nothing where it never changed."""
        delivery = older_copy(shop, versions, str(self._clock.new_id()))
        return [self._begin(shop, delivery, delay_seconds) for _ in range(times)] if delivery else []

    def forge(self, shop: Shop, versions: Versions, *, times: int = 1, delay_seconds: float = 0.0) -> list[First]:
        """Somebody else sends a version of the order that the shop never made."""
        now = self._clock.now()
        order = shop.provider.forge(shop.name, versions[-1].order, now)
        version = Version(order, str(self._clock.new_id()), _triggered_at(now), {})
        delivery = forged(shop, version, str(self._clock.new_id()))
        return [self._begin(shop, delivery, delay_seconds) for _ in range(times)]

    def _tell(self, shop: Shop, told: Told, delay_seconds: float = 0.0) -> Json:
        webhook_ids = {topic: str(self._clock.new_id()) for topic in told.topics}
        others = {topic: body for topic, body in told.topics.items() if body is not None}
        now = self._clock.now()
        version = Version(told.order, str(self._clock.new_id()), _triggered_at(now), webhook_ids, others)
        shop.keep(version)
        deliveries = of_action(shop, version, Fault.DELAYED if delay_seconds else None)
        self._random.shuffle(deliveries)
        for delivery in deliveries:
            self._begin(shop, delivery, delay_seconds)
        return told.order

    def _begin(self, shop: Shop, delivery: Delivery, after: float) -> First:
        return delivery, self._sender.submit(shop, delivery, after=after)


def _triggered_at(now: datetime) -> str:
    """UTC, to the nanosecond."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}000Z"
