"""What a measurement says, and the one table of them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.table import Table


@dataclass(frozen=True)
class Goal:
    """What the ratio must be: at least so much, or at most."""

    at_least: float | None = None
    at_most: float | None = None

    def is_met_by(self, ratio: float) -> bool:
        """Whether this ratio is good enough."""
        return (self.at_least is None or ratio >= self.at_least) and (self.at_most is None or ratio <= self.at_most)

    def __str__(self) -> str:
        return f"≥ {self.at_least:g}" if self.at_least is not None else f"≤ {self.at_most:g}"


@dataclass(frozen=True)
class Result:
    """A figure beside its yardstick, both taken in the same run on the same machine.

    name: the bench. what: which figure of it. unit: of figure and yardstick, for example "/s" or "ms".
    costs: what a user pays for one order or call, in words by name. checked: what was found right afterwards, in words.
    """

    name: str
    what: str
    figure: float
    unit: str
    against: str
    yardstick: float
    goal: Goal
    costs: Mapping[str, str] = field(default_factory=dict)
    checked: Sequence[str] = ()

    @property
    def ratio(self) -> float:
        """The figure in yardsticks."""
        return self.figure / self.yardstick

    @property
    def is_hit(self) -> bool:
        """Whether the goal is met."""
        return self.goal.is_met_by(self.ratio)

    def as_json(self) -> dict[str, Any]:
        """All of it, for a file."""
        return {
            "name": self.name,
            "what": self.what,
            "figure": round(self.figure, 3),
            "unit": self.unit,
            "against": self.against,
            "yardstick": round(self.yardstick, 3),
            "ratio": round(self.ratio, 3),
            "goal": str(self.goal),
            "hit": self.is_hit,
            "costs": dict(self.costs),
            "checked": list(self.checked),
        }


class Wrong(Exception):
    """A run that was fast and wrong: what the check afterwards found."""


def table_of(results: Sequence[Result]) -> Table:
    """The ratios, for a person."""
    table = Table()
    for name in ("bench", "what", "figure", "against", "yardstick", "ratio", "goal", ""):
        table.add_column(name, justify="right" if name in {"figure", "yardstick", "ratio", "goal"} else "left")
    for result in results:
        table.add_row(
            result.name,
            result.what,
            f"{result.figure:,.1f} {result.unit}",
            result.against,
            f"{result.yardstick:,.1f} {result.unit}",
            f"{result.ratio:.2f}",
            str(result.goal),
            "hit" if result.is_hit else "MISS",
        )
    return table


def remarks_on(results: Sequence[Result]) -> str:
    """What each bench cost and what was checked after it, a line each."""
    said = {result.name: [f"{name} {value}" for name, value in result.costs.items()] for result in results}
    checked = {result.name: list(result.checked) for result in results}
    return "\n".join(f"{name}: {line}" for name in said for line in [*said[name], *checked[name]])
