"""What a shop runs on: how its orders look and change, and how it tells of that. Everything else shops share."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from simulator.shops.checkout import Checkout, Pieces
from simulator.shops.delivery import Delivery

Json = dict[str, Any]


def copy_of(order: Json) -> Json:
    """A copy that shares nothing with it; by way of its text, which takes a tenth of `deepcopy`."""
    copy: Json = json.loads(json.dumps(order))
    return copy


class Verb(StrEnum):
    """What can happen to an order after it was placed."""

    PAY = "pay"
    TOUCH = "touch"  # a note, a tag: nothing that concerns stock
    CANCEL = "cancel"
    FULFIL = "fulfil"


class ChangeRefused(Exception):
    """The order is in no state for this. Says why."""


class Told(NamedTuple):
    """An order as an action left it, and what is sent of it: topic -> its body, None where that is the order."""

    order: Json
    topics: Mapping[str, Json | None]


class Provider(Protocol):
    """Shopify, WooCommerce. Pure: it decides how things look, and does nothing."""

    @property
    def updated(self) -> str:
        """Topic of an order that is other than before."""

    @property
    def retries(self) -> int:
        """How often a delivery that nobody took is sent again."""

    @property
    def taken(self) -> Sequence[int]:
        """Statuses of an answer that the delivery is done with."""

    def place(self, shop: str, number: int, checkout: Checkout, now: datetime) -> Told:
        """The order that a checkout leads to."""

    def change(self, shop: str, order: Json, verb: Verb, now: datetime) -> Told:
        """The order after a change. Raises ChangeRefused."""

    def edit(self, shop: str, order: Json, wanted: Pieces, now: datetime) -> Told:
        """The order with these units of these products from now on; the others' stay. Raises ChangeRefused."""

    def forge(self, shop: str, order: Json, now: datetime) -> Json:
        """A newer version that wants far too much. Who believes it is seen at once."""

    def number(self, order: Json) -> int:
        """The number of an order, by which it is kept."""

    def number_of_id(self, shop: str, identifier: int) -> int | None:
        """The number of the order with this id; None for what is no order's id."""

    def is_open(self, order: Json) -> bool:
        """Whether something of it is still to leave."""

    def title(self, order: Json) -> str:
        """An order's name, as people say it."""

    def headers(self, delivery: Delivery, secret: str) -> Mapping[str, str]:
        """Headers of a delivery, signed with the secret."""
