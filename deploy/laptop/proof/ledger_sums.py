"""What each level's ledger adds up to, kept from look to look. Pure."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID


class Place(NamedTuple):
    """Which level."""

    organization: UUID
    item: UUID
    warehouse: UUID


class Units(NamedTuple):
    """What a level holds, or what so many movements of it add up to."""

    on_hand: int = 0
    reserved: int = 0
    damaged: int = 0
    quarantined: int = 0

    def plus(self, more: "Units") -> "Units":
        """Both together."""
        return Units(*map(sum, zip(self, more, strict=True)))


class Look(NamedTuple):
    """A level as it is, and the units that its ledger moved after a position, up to another."""

    place: Place
    level: Units
    position: int
    moved: Units


class LedgerSums:
    """Sums by level, each with the position up to which it goes."""

    def __init__(self) -> None:
        self._sums: dict[Place, tuple[int, Units]] = {}

    def positions(self) -> dict[Place, int]:
        """After which position each level's ledger is to be read; from its first row where none is named.

        At each look one level is forgotten and so added up anew, that a row which was changed later is noticed too.
        """
        if self._sums:
            self._sums.pop(next(iter(self._sums)))
        return {place: position for place, (position, _) in self._sums.items()}

    def unequal(self, looks: Iterable[Look]) -> int:
        """How many of these levels are not the sum of their ledger. Each look goes on from `positions`."""
        count = 0
        for look in looks:
            position, units = self._sums.get(look.place, (0, Units()))
            units = units.plus(look.moved)
            self._sums[look.place] = max(position, look.position), units
            count += units != look.level
        return count
