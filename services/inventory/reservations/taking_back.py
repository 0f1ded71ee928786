"""Whose promised units are taken back when the shelf has too few. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from inventory.reservations.demand import Reservation


class Held(NamedTuple):
    """A reservation at the place, and how many of its units somebody works on."""

    row: Reservation
    claimed: int


def take_units(held: Sequence[Held], units: int) -> list[tuple[Reservation, int]]:
    """Release up to so many units: first those nobody works on, then the others, each in this order.

    Returns what each lost; one may stand there twice.
    """
    taken: list[tuple[Reservation, int]] = []
    for keep_claimed in (True, False):
        for row, claimed in held:
            back = min(units, row.rest - (claimed if keep_claimed else 0))
            if back > 0:
                row.released += back
                taken.append((row, back))
                units -= back
    return taken


def claimed_of(row: Reservation, claimed: int) -> int:
    """Units of a reservation that somebody works on, where so many of its line are claimed, here or elsewhere."""
    return max(0, min(row.rest, claimed - row.consumed))
