"""What happens in a shop by itself: a new order, and beside it now and then something else, by the shop's shares."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from random import Random

from simulator.faults import Fault, draw
from simulator.shops.order_book import Versions
from simulator.shops.provider import ChangeRefused, Json, Verb
from simulator.shops.shop import Shop
from simulator.shops.storefront import Storefront

# Among so many of the last orders something is changed or repeated.
_RECENT = 20
# Packers keep up with buyers, but not at once with what a new setting leaves open.
_MOST_PACKED_AT_ONCE = 3
_DELAY_SECONDS = (3.0, 15.0)


class Traffic:
    """Buyers, merchants and a bad network."""

    def __init__(self, storefront: Storefront, random: Random) -> None:
        self._storefront = storefront
        self._random = random

    def beat(self, shop: Shop) -> None:
        """One new order and what goes with it."""
        shares = shop.settings.shares
        faults = draw(shares, self._random)
        delay = self._random.uniform(*_DELAY_SECONDS) if Fault.DELAYED in faults else 0.0
        self._storefront.place(shop, delay_seconds=delay / shop.settings.speed)
        for verb, share in ((Verb.PAY, shares.pay), (Verb.TOUCH, shares.update), (Verb.CANCEL, shares.cancel)):
            if self._random.random() < share:
                self._try_each(self._recent(shop), partial(self._storefront.change, shop, verb=verb))
        if self._random.random() < shares.edit:
            self._try_each(self._recent(shop), partial(self._edit, shop))
        for number in to_pack(shop.open_orders, shop.settings.most_open_orders):
            self._pack(shop, number)
        if Fault.REPEAT in faults:
            self._storefront.send_again(shop, self._random.choice(self._recent(shop)))
        if Fault.OLDER_COPY in faults:
            self._send_older(shop)
        if Fault.FORGED in faults:
            self._storefront.forge(shop, self._random.choice(self._recent(shop)))

    def _edit(self, shop: Shop, order: Json) -> Json:
        """One to three units of one product are wanted from now on, of which the order may have had others or none."""
        product = self._random.choice(shop.settings.products)
        return self._storefront.edit(shop, order, [(product, self._random.randint(1, 3))])

    def _pack(self, shop: Shop, number: int) -> None:
        """All of it leaves; what nobody paid in all that time is cancelled, where the shop does not send it unpaid."""
        found = shop.orders.find(number)
        orders = [found] if found else []
        for verb in (Verb.FULFIL, Verb.CANCEL):
            if self._try_each(orders, partial(self._storefront.change, shop, verb=verb)):
                return

    @staticmethod
    def _try_each(candidates: Iterable[Versions], act: Callable[[Json], Json]) -> bool:
        """Act on the first order that lets itself be changed so; whether there was one."""
        for versions in candidates:
            try:
                act(versions[-1].order)
            except ChangeRefused:
                continue
            return True
        return False

    def _send_older(self, shop: Shop) -> None:
        for versions in self._recent(shop):
            if self._storefront.send_older(shop, versions):
                return

    def _recent(self, shop: Shop) -> list[Versions]:
        recent = list(shop.orders.latest(_RECENT))
        self._random.shuffle(recent)
        return recent


def to_pack(open_orders: Sequence[int], most: int | None) -> Sequence[int]:
    """Which orders leave now, of those open, the oldest first."""
    return open_orders[: min(len(open_orders) - most, _MOST_PACKED_AT_ONCE)] if most and len(open_orders) > most else ()
