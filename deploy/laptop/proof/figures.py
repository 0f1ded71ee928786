"""The figures, and how they are said. Pure."""

from dataclasses import dataclass
from typing import NamedTuple


class Figure(NamedTuple):
    """How many were found of what must not be, of how many that were looked at."""

    name: str
    faults: int
    of: int

    def __str__(self) -> str:
        return f"{self.name} {self.faults:,} of {self.of:,}"


@dataclass(frozen=True, slots=True)
class Proof:
    """One look at the databases.

    reserved_twice: levels whose ACTIVE reservations are not what the level says is reserved, or more than can be sold;
        lines with two ACTIVE reservations in one warehouse; lines that hold more than they want. `reservations`: all
        ACTIVE ones.
    levels_unequal: levels that are not the sum of their ledger, of `levels`.
    missing: deliveries that a store was answered 2xx for and that orders does not have, of `acknowledged`: those that
        were looked for and found, or should have come by now.
    others_rows_seen: other organisations' rows that the services' roles see as the smallest one, of `rows_seen`.
    """

    reserved_twice: int
    reservations: int
    levels: int
    levels_unequal: int
    acknowledged: int
    missing: int
    rows_seen: int
    others_rows_seen: int

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All of them, in the order in which they are shown."""
        return (
            Figure("reserved twice", self.reserved_twice, self.reservations),
            Figure("levels unequal to ledger", self.levels_unequal, self.levels),
            Figure("acknowledged but missing", self.missing, self.acknowledged),
            Figure("others' rows seen", self.others_rows_seen, self.rows_seen),
        )

    @property
    def faults(self) -> frozenset[str]:
        """Names of the figures that are not 0."""
        return frozenset(figure.name for figure in self.figures if figure.faults)

    def __str__(self) -> str:
        return " · ".join(map(str, self.figures))


@dataclass(frozen=True, slots=True)
class NotReadable:
    """A look that saw nothing, and why in one line."""

    reason: str

    def __str__(self) -> str:
        return f"not readable now: {self.reason}"
