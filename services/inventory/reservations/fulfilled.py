"""What an order's event says has left of a line, beside what the books have: more left, or a parcel came back. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from inventory.reservations.demand import Line, Reservation
from inventory.reservations.wish import WantedLine


class Leaving(NamedTuple):
    """Units of a line that left since the books last heard; with no warehouse, from wherever it is reserved."""

    line: Line
    warehouse_id: UUID | None
    units: int


class ComingBack(NamedTuple):
    """Units of a reservation that had left, and whose fulfilment was cancelled."""

    row: Reservation
    units: int


class Fulfilled(NamedTuple):
    """What is to be moved so that the books have left what is said to have left."""

    back: tuple[ComingBack, ...]
    leaving: tuple[Leaving, ...]


def fulfilled(wanted: WantedLine, rows: Iterable[Reservation]) -> Fulfilled:
    """What left, and what came back, since the last time: cumulative units, warehouse by warehouse.

    Units of which the store does not say where from are any that the books have left somewhere: one that first does not
    say, and later does, takes nothing twice. What came back is what left last.
    """
    own = [row for row in rows if row.line_id == wanted.line_id]
    taken: Counter[UUID | None] = Counter()
    for row in own:
        taken[row.warehouse_id] += row.consumed
    said: Counter[UUID | None] = Counter()
    for warehouse_id, units in wanted.fulfilled_at:
        said[warehouse_id] += units
    somewhere = said.pop(None, 0)
    over, under = taken - said, said - taken
    loose = over.total()
    line = Line(wanted.line_id, wanted.item_id, wanted.wanted, wanted.claimed)
    leaving = [Leaving(line, warehouse_id, units) for warehouse_id, units in under.items()]
    if somewhere > loose:
        leaving.append(Leaving(line, None, somewhere - loose))
    return Fulfilled(tuple(_came_back(own, over, loose - somewhere)), tuple(leaving))


def _came_back(own: Sequence[Reservation], over: Counter[UUID | None], units: int) -> Iterable[ComingBack]:
    for row in reversed(own):
        back = min(units, row.consumed, over[row.warehouse_id])
        if back > 0:
            yield ComingBack(row, back)
            over[row.warehouse_id] -= back
            units -= back
