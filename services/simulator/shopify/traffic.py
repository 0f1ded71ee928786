"""What happens in a shop by itself: a new order, and beside it now and then something else, by the shop's shares."""

from random import Random

from simulator.faults import Fault, draw
from simulator.shopify.changes import CANCEL, FULFILL, PAY, TOUCH, Change, ChangeRefused
from simulator.shopify.order_book import Versions
from simulator.shopify.shop import Shop
from simulator.shopify.storefront import Storefront

# Among so many of the last orders something is changed or repeated.
_RECENT = 20
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
        self._storefront.place(shop, delay_seconds=delay)
        changes = ((PAY, shares.pay), (TOUCH, shares.update), (CANCEL, shares.cancel), (FULFILL, shares.fulfill))
        for change, share in changes:
            if self._random.random() < share:
                self._change_one(shop, change)
        if Fault.REPEAT in faults:
            self._storefront.send_again(shop, self._random.choice(self._recent(shop)))
        if Fault.OLDER_COPY in faults:
            self._send_older(shop)
        if Fault.FORGED in faults:
            self._storefront.forge(shop, self._random.choice(self._recent(shop)))

    def _change_one(self, shop: Shop, change: Change) -> None:
        """The first of the recent orders, in any order, that lets itself be changed so; there may be none."""
        for versions in self._recent(shop):
            try:
                self._storefront.change(shop, versions[-1].order, change)
            except ChangeRefused:
                continue
            return

    def _send_older(self, shop: Shop) -> None:
        for versions in self._recent(shop):
            if self._storefront.send_older(shop, versions):
                return

    def _recent(self, shop: Shop) -> list[Versions]:
        recent = list(shop.orders.latest(_RECENT))
        self._random.shuffle(recent)
        return recent
