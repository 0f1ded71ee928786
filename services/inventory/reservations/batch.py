"""How much one transaction takes on. Pure."""

from collections.abc import Iterable
from uuid import UUID

# Lines: less than one second (measured) of the five that a transaction may take. Demands cost a little each.
MOST_LINES = 2_000
MOST_DEMANDS = 100


def first_batch(demands: Iterable[tuple[UUID, int]], most: int = MOST_DEMANDS) -> list[UUID]:
    """The first of these (demand, number of its lines) that one transaction takes on; the very first in any case."""
    taken: list[UUID] = []
    lines = 0
    for demand_id, count in demands:
        lines += count
        if len(taken) == most or (taken and lines > MOST_LINES):
            break
        taken.append(demand_id)
    return taken
