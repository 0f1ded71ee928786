"""Which warehouse serves which line. Pure.

What is missing of one item is taken whole or not at all. A line is taken from the first warehouse that has all of it;
only where none has is it split, over the warehouses in their order. By the rule WHOLE_FROM_ONE all lines are taken from
the first warehouse that has them all, where there is one; by ONLY_FROM_ONE from there or not at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from typing import NamedTuple
from uuid import UUID

from inventory.reservations.demand import ANYWHERE
from inventory.warehouses.sourcing import Rule


class Missing(NamedTuple):
    """Units that a line lacks."""

    line_id: str
    item_id: UUID
    units: int


class How(StrEnum):
    """Why a warehouse was chosen."""

    WHOLE_DEMAND = "whole demand"
    WHOLE_LINE = "whole line"
    SPLIT_LINE = "split line"
    SAME_WAREHOUSE = "same warehouse"


class Take(NamedTuple):
    """Units of a line to be taken from one warehouse, and why: `had` is what the warehouses had that have too few."""

    line_id: str
    item_id: UUID
    warehouse_id: UUID
    units: int
    how: How
    had: tuple[tuple[UUID, int], ...] = ()


class Lack(NamedTuple):
    """Units of an item that are missing, and how many are free."""

    missing: int
    free: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """What to take, the items of which too few units are free, and what to wait for: units of (item, warehouse), or of
    (item, ANYWHERE)."""

    takes: list[Take] = field(default_factory=list)
    short: dict[UUID, Lack] = field(default_factory=dict)
    waits_for: dict[tuple[UUID, UUID], int] = field(default_factory=dict)


def allocate(
    missing: Sequence[Missing],
    shelves: Mapping[UUID, Sequence[tuple[UUID, int]]],
    spoken_for: Mapping[UUID, int],
    *,
    whole: bool,
    rule: Rule = Rule.LINE_BY_LINE,
    held_in: UUID | None = None,
) -> Allocation:
    """Serve the lines, in their order. `held_in` is the one warehouse where the demand holds units already.

    `shelves` are, per item, (open warehouse, available units) in the order in which stock is taken; `spoken_for` are
    units per item that are held back, or that others, who wait longer, come first for. With `whole`, nothing is taken
    where any item is short.
    """
    short = _short(missing, shelves, spoken_for)
    waits_for = {(item_id, ANYWHERE): lack.missing for item_id, lack in short.items()}
    if short and whole:
        return Allocation(short=short, waits_for=waits_for)
    left = {item_id: dict(shelf) for item_id, shelf in shelves.items()}
    served = [lack for lack in missing if lack.item_id not in short]
    if rule is Rule.ONLY_FROM_ONE and served:
        only = _from_one(served, left, held_in)
        return Allocation(only.takes, short | only.short, waits_for | only.waits_for)
    if rule is Rule.WHOLE_FROM_ONE and len(served) > 1:
        one = _has_all(served, left)
        if one is not None:
            takes = [_take_from(one, lack, left[lack.item_id], How.WHOLE_DEMAND) for lack in served]
            return Allocation(takes, short, waits_for)
    return Allocation([take for lack in served for take in _serve(lack, left[lack.item_id])], short, waits_for)


def _from_one(served: Sequence[Missing], left: dict[UUID, dict[UUID, int]], held_in: UUID | None) -> Allocation:
    """All from the first warehouse that has it all; or from where the demand holds units, of each item all or nothing.

    It waits, in each warehouse that may have all some day, for what that one lacks: nothing that is there now wakes it.
    """
    wanted = _wanted(served)
    places = left[served[0].item_id]
    candidates = [held_in] if held_in in places else list(places)
    lacks = {
        place: {item_id: units for item_id, units in wanted.items() if left[item_id].get(place, 0) < units}
        for place in candidates
    }
    one = next((place for place in candidates if place == held_in or not lacks[place]), None)
    waits_for = {
        (item_id, place): units for place in ([one] if one else candidates) for item_id, units in lacks[place].items()
    }
    short = {
        item_id: Lack(units, max(left[item_id].get(place, 0) for place in candidates))
        for (item_id, _), units in waits_for.items()
    }
    how = How.SAME_WAREHOUSE if one == held_in else How.WHOLE_DEMAND
    takes = [_take_from(one, lack, left[lack.item_id], how) for lack in served if one and lack.item_id not in short]
    return Allocation(takes, short, waits_for)


def _has_all(served: Sequence[Missing], left: Mapping[UUID, Mapping[UUID, int]]) -> UUID | None:
    """The first warehouse that has all that is missing of each item."""
    wanted = _wanted(served)
    candidates = list(left[served[0].item_id]) if served else []
    return next(
        (one for one in candidates if all(left[item_id].get(one, 0) >= units for item_id, units in wanted.items())),
        None,
    )


def _wanted(missing: Sequence[Missing]) -> dict[UUID, int]:
    """Units that are missing of each item."""
    wanted: dict[UUID, int] = {}
    for lack in missing:
        wanted[lack.item_id] = wanted.get(lack.item_id, 0) + lack.units
    return wanted


def _short(
    missing: Sequence[Missing], shelves: Mapping[UUID, Sequence[tuple[UUID, int]]], spoken_for: Mapping[UUID, int]
) -> dict[UUID, Lack]:
    short = {}
    for item_id, units in _wanted(missing).items():
        available = sum(units_there for _, units_there in shelves.get(item_id, ()))
        free = max(0, available - spoken_for.get(item_id, 0))
        if units > free:
            short[item_id] = Lack(units, free)
    return short


def _serve(lack: Missing, left: dict[UUID, int]) -> list[Take]:
    """Take the line's units from what is left, which has enough of them."""
    for warehouse_id, available in left.items():
        if available >= lack.units:
            return [_take_from(warehouse_id, lack, left, How.WHOLE_LINE)]
    takes = []
    rest = lack.units
    had = tuple(left.items())
    for warehouse_id, available in left.items():
        units = min(rest, available)
        if units > 0:
            left[warehouse_id] = available - units
            takes.append(Take(lack.line_id, lack.item_id, warehouse_id, units, How.SPLIT_LINE, had))
            rest -= units
    return takes


def _take_from(warehouse_id: UUID, lack: Missing, left: dict[UUID, int], how: How) -> Take:
    """All of the line from one warehouse; those before it that have too few are named."""
    before = takewhile(lambda place: place[0] != warehouse_id, left.items())
    had = tuple((other, units) for other, units in before if units < lack.units)
    left[warehouse_id] -= lack.units
    return Take(lack.line_id, lack.item_id, warehouse_id, lack.units, how, had)
