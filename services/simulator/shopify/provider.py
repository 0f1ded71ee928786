"""Shopify as a provider of shops."""

from collections.abc import Mapping
from datetime import datetime

from simulator.shopify.changes import Apply, cancel, changed, fulfill, pay, touch, want_too_much
from simulator.shopify.edit import committed, edit
from simulator.shopify.identifiers import Identifiers
from simulator.shopify.order import make_order
from simulator.shopify.webhook import headers
from simulator.shops.checkout import Checkout, Pieces
from simulator.shops.delivery import Delivery
from simulator.shops.provider import Json, Told, Verb

CREATED, UPDATED, PAID = "orders/create", "orders/updated", "orders/paid"
CANCELLED, FULFILLED, EDITED, REFUNDED = "orders/cancelled", "orders/fulfilled", "orders/edited", "refunds/create"

_CHANGES: Mapping[Verb, tuple[Apply, tuple[str, ...]]] = {
    Verb.PAY: (pay, (PAID, UPDATED)),
    Verb.TOUCH: (touch, (UPDATED,)),
    Verb.CANCEL: (cancel, (CANCELLED, UPDATED)),
    Verb.FULFIL: (fulfill, (FULFILLED, UPDATED)),
}


class Shopify:
    """Tells each action under all of its topics, and sends eight times more what nobody took."""

    updated = UPDATED
    retries = 8
    taken = range(200, 300)

    def place(self, shop: str, number: int, checkout: Checkout, now: datetime) -> Told:
        """The order that a checkout leads to."""
        topics = (CREATED, PAID) if checkout.is_paid else (CREATED,)
        return Told(make_order(Identifiers(shop), number, checkout, now), dict.fromkeys(topics))

    def change(self, shop: str, order: Json, verb: Verb, now: datetime) -> Told:
        """The order after a change; a cancel is also told as its refund. Raises ChangeRefused."""
        apply, topics = _CHANGES[verb]
        after = changed(Identifiers(shop), order, apply, now)
        told: dict[str, Json | None] = dict.fromkeys(topics)
        if verb is Verb.CANCEL:
            told[REFUNDED] = after["refunds"][-1]
        return Told(after, told)

    def edit(self, shop: str, order: Json, wanted: Pieces, now: datetime) -> Told:
        """The order with these units of these products from now on; `orders/edited` names no more than its id."""
        ids = Identifiers(shop)
        after = changed(ids, order, edit(wanted), now)
        return Told(after, {UPDATED: None, EDITED: committed(ids, order, after)})

    def forge(self, shop: str, order: Json, now: datetime) -> Json:
        """A newer version that wants far too much."""
        return changed(Identifiers(shop), order, want_too_much, now)

    def number(self, order: Json) -> int:
        """The number of an order, by which it is kept."""
        return int(order["order_number"])

    def number_of_id(self, shop: str, identifier: int) -> int | None:
        """The number of the order with this id; None for what is no order's id."""
        return Identifiers(shop).number(identifier)

    def is_open(self, order: Json) -> bool:
        """Whether something of it is still to leave."""
        return any(line["fulfillable_quantity"] for line in order["line_items"])

    def title(self, order: Json) -> str:
        """An order's name, as people say it."""
        return str(order["name"])

    def headers(self, delivery: Delivery, secret: str) -> Mapping[str, str]:
        """Headers of a delivery, signed with the secret."""
        return headers(delivery, secret)
