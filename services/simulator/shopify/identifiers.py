"""Ids as large shops have them: beyond 2^53, and so close together that who reads them as doubles makes one of many.

Doubles of this size are 1,024 apart; orders are 10 apart, the lines of an order 1. Each shop has a range of its own.
"""

import hashlib
import zlib
from dataclasses import dataclass
from enum import IntEnum

_LOWEST = 6_400_000_000_000_000_000
_SHOPS = 2_000_000
_RANGE = 10**12
_ORDER_STEP = 10
MOST_PARTS = 1_000
_HIGHEST_NUMBER = 10**8


class Part(IntEnum):
    """What an order is made of; the value is where such ids begin in the shop's range."""

    LINE = 1 * 10**11
    SHIPPING_LINE = 2 * 10**11
    FULFILLMENT = 3 * 10**11
    REFUND = 4 * 10**11
    REFUND_LINE = 5 * 10**11
    EDIT = 6 * 10**11


_PRODUCTS = 8 * 10**11
_PEOPLE = 9 * 10**11


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The ids of one shop: always the same for the same thing."""

    shop: str

    @property
    def _first(self) -> int:
        digest = hashlib.sha256(self.shop.encode()).digest()
        return _LOWEST + int.from_bytes(digest[:8]) % _SHOPS * _RANGE

    def order(self, number: int) -> int:
        """The id of the order with this number."""
        return self._first + number * _ORDER_STEP

    def number(self, order: int) -> int | None:
        """The number of the order with this id; None for what is no order's id."""
        number, rest = divmod(order - self._first, _ORDER_STEP)
        return number if rest == 0 and 0 < number < _HIGHEST_NUMBER else None

    def part(self, kind: Part, number: int, index: int) -> int:
        """The id of the line, parcel, ... at this index of the order with this number. There are at most 1,000."""
        if not 0 <= index < MOST_PARTS:
            raise ValueError(f"an order has at most {MOST_PARTS} of a kind")
        return self._first + kind + number * MOST_PARTS + index

    def product(self, sku: str) -> int:
        """The id of a product; its only variant's is the next."""
        return self._first + _PRODUCTS + zlib.crc32(sku.encode()) * 2

    def person(self, index: int) -> int:
        """The id of a customer; the address's is the next."""
        return self._first + _PEOPLE + index * 2


def gid(kind: str, identifier: int) -> str:
    """An id as GraphQL spells it."""
    return f"gid://shopify/{kind}/{identifier}"
