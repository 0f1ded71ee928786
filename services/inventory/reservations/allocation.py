"""Which warehouse serves which line. Pure.

What is missing of one item is taken whole or not at all. A line is taken from the first warehouse that has all of it;
only where none has is it split, over the warehouses in their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID


class Missing(NamedTuple):
    """Units that a line lacks."""

    line_id: str
    item_id: UUID
    units: int


class Take(NamedTuple):
    """Units of a line to be taken from one warehouse; `split` where it takes several to serve the line."""

    line_id: str
    item_id: UUID
    warehouse_id: UUID
    units: int
    split: bool


class Lack(NamedTuple):
    """Units of an item that are missing, and how many are free."""

    missing: int
    free: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """What to take, and the items of which too few units are free."""

    takes: list[Take] = field(default_factory=list)
    short: dict[UUID, Lack] = field(default_factory=dict)


def allocate(
    missing: Sequence[Missing],
    shelves: Mapping[UUID, Sequence[tuple[UUID, int]]],
    spoken_for: Mapping[UUID, int],
    *,
    whole: bool,
) -> Allocation:
    """Serve the lines, in their order.

    `shelves` are, per item, (open warehouse, available units) in the order in which stock is taken; `spoken_for` are
    units per item that are held back, or that others, who wait longer, come first for. With `whole`, nothing is taken
    where any item is short.
    """
    short = _short(missing, shelves, spoken_for)
    if short and whole:
        return Allocation(short=short)
    left = {item_id: dict(shelf) for item_id, shelf in shelves.items()}
    takes = [take for lack in missing if lack.item_id not in short for take in _serve(lack, left[lack.item_id])]
    return Allocation(takes, short)


def _short(
    missing: Sequence[Missing], shelves: Mapping[UUID, Sequence[tuple[UUID, int]]], spoken_for: Mapping[UUID, int]
) -> dict[UUID, Lack]:
    wanted: dict[UUID, int] = {}
    for lack in missing:
        wanted[lack.item_id] = wanted.get(lack.item_id, 0) + lack.units
    short = {}
    for item_id, units in wanted.items():
        available = sum(units_there for _, units_there in shelves.get(item_id, ()))
        free = max(0, available - spoken_for.get(item_id, 0))
        if units > free:
            short[item_id] = Lack(units, free)
    return short


def _serve(lack: Missing, left: dict[UUID, int]) -> list[Take]:
    """Take the line's units from what is left, which has enough of them."""
    for warehouse_id, available in left.items():
        if available >= lack.units:
            left[warehouse_id] = available - lack.units
            return [Take(lack.line_id, lack.item_id, warehouse_id, lack.units, split=False)]
    takes = []
    rest = lack.units
    for warehouse_id, available in left.items():
        units = min(rest, available)
        if units > 0:
            left[warehouse_id] = available - units
            takes.append(Take(lack.line_id, lack.item_id, warehouse_id, units, split=True))
            rest -= units
    return takes
