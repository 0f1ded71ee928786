"""WooCommerce as a provider of shops."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from simulator.shops.checkout import Checkout, Pieces
from simulator.shops.delivery import Delivery, signature
from simulator.shops.provider import Json, Told, Verb
from simulator.woocommerce.changes import CHANGES, OPEN, changed, edit, want_too_much
from simulator.woocommerce.order import make_order

_CREATED, _UPDATED = "order.created", "order.updated"
_WEBHOOK_IDS = {_CREATED: "1", _UPDATED: "2"}


class WooCommerce:
    """Sends each delivery once, and takes a redirect for an answer (class-wc-webhook.php)."""

    updated = _UPDATED
    retries = 0
    taken = range(200, 303)

    def place(self, shop: str, number: int, checkout: Checkout, now: datetime) -> Told:
        """The order that a checkout leads to."""
        return Told(make_order(shop, number, checkout, now), {_CREATED: None})

    def change(self, _shop: str, order: Json, verb: Verb, now: datetime) -> Told:
        """The order after a change. Raises ChangeRefused."""
        return Told(changed(order, CHANGES[verb], now), {_UPDATED: None})

    def edit(self, _shop: str, order: Json, wanted: Pieces, now: datetime) -> Told:
        """The order with these units of these products from now on; the others' stay. Raises ChangeRefused."""
        return Told(changed(order, edit(wanted), now), {_UPDATED: None})

    def forge(self, _shop: str, order: Json, now: datetime) -> Json:
        """A newer version that wants far too much."""
        return changed(order, want_too_much, now)

    def number(self, order: Json) -> int:
        """The number of an order is its id."""
        return int(order["id"])

    def number_of_id(self, _shop: str, identifier: int) -> int:
        """The same."""
        return identifier

    def is_open(self, order: Json) -> bool:
        """Whether something of it is still to leave."""
        return order["status"] in OPEN

    def title(self, order: Json) -> str:
        """An order's name, as people say it."""
        return f"#{order['number']}"

    def headers(self, delivery: Delivery, secret: str) -> Mapping[str, str]:
        """Headers of a delivery. The delivery id is a hash of the webhook and the second, so two may share it."""
        webhook = _WEBHOOK_IDS[delivery.topic]
        resource, _, event = delivery.topic.partition(".")
        second = delivery.triggered_at.partition(".")[0]
        return {
            "Content-Type": "application/json",
            "User-Agent": "WooCommerce/9.8.5 Hookshot (WordPress/6.8.1)",
            "X-WC-Webhook-Source": f"https://{delivery.shop}/",
            "X-WC-Webhook-Topic": delivery.topic,
            "X-WC-Webhook-Resource": resource,
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-Signature": signature(secret, delivery.body),
            "X-WC-Webhook-ID": webhook,
            "X-WC-Webhook-Delivery-ID": hashlib.md5(f"{webhook}{second}".encode(), usedforsecurity=False).hexdigest(),
        }
