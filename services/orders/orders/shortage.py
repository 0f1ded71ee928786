"""Why an order is SHORT, in words that an operator can act on."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from orders.orders.order import Order, some


class ShortReason(StrEnum):
    """Why a line lacks units; the value is what people read."""

    INSUFFICIENT_STOCK = "too few are in stock"
    NO_WAREHOUSE = "every warehouse is closed"
    WITH_ORDER = "it waits for the other lines"
    RELEASED_BY_FORCE = "its units were released by force, and it takes none until the order changes"
    NOT_IN_ONE_WAREHOUSE = "no warehouse has all of the order"
    OTHER = "inventory has none for it"


class ShortLine(NamedTuple):
    """A line that lacks units."""

    line_id: UUID
    missing: int
    reason: ShortReason


def shortage(order: Order, lines: Sequence[ShortLine], *, expired: bool = False) -> str:
    """What lacks. Lines that only wait for others are not named where others are.

    expired: whether inventory ended the demand because its time was up.
    """
    skus = {line.id: line.sku for line in order.lines}
    causes = [line for line in lines if line.reason is not ShortReason.WITH_ORDER] or lines
    named = [f"{skus.get(line.line_id) or 'a line'} lacks {line.missing}: {line.reason}" for line in causes]
    ended = "inventory let go what it held: its time was up" if expired else "inventory holds nothing for it"
    return some(named) or ended
