"""What happened on the shelf, and what the books make of it. Pure.

A fact is never refused: units that are gone or cannot be sold are first taken back from those they were promised to.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from inventory.errors import AdjustmentBelowReserved, ConditionHasFewer
from inventory.stock.level import Balance, Kind


class Condition(StrEnum):
    """What may be done with units on the shelf."""

    SELLABLE = "SELLABLE"
    DAMAGED = "DAMAGED"
    QUARANTINED = "QUARANTINED"


class Step(NamedTuple):
    """One movement of a level, without its place and its reason."""

    kind: Kind
    on_hand: int = 0
    damaged: int = 0
    quarantined: int = 0


class Fact(NamedTuple):
    """Promised units that are taken back first, and the movements that follow."""

    take_back: int
    steps: tuple[Step, ...]

    @property
    def adds(self) -> bool:
        """Whether more can be sold than before."""
        return sum(step.on_hand - step.damaged - step.quarantined for step in self.steps) > 0


Decide = Callable[[Balance], Fact]


def adjusted(balance: Balance, delta: int, condition: Condition, *, take_back: bool) -> Fact:
    """Units of a condition come or go. Promised ones go only where they may be taken back.

    Raises AdjustmentBelowReserved, ConditionHasFewer.
    """
    _check_has(balance, condition, -delta)
    lacking = max(0, -delta - balance.available) if condition is Condition.SELLABLE else 0
    if lacking > (balance.reserved if take_back else 0):
        raise AdjustmentBelowReserved(balance.on_hand, balance.reserved, balance.damaged, balance.quarantined)
    return Fact(lacking, (_moved(Kind.ADJUSTED, condition, delta, on_hand=delta),))


def counted(balance: Balance, units: int) -> Fact:
    """So many units are on the shelf. Where they are fewer than cannot be sold, fewer of those are there too."""
    gone = max(0, balance.damaged + balance.quarantined - units)
    quarantined = min(gone, balance.quarantined)
    damaged = gone - quarantined
    sellable = units - (balance.damaged + balance.quarantined - gone)
    step = Step(Kind.COUNTED, on_hand=units - balance.on_hand, damaged=-damaged, quarantined=-quarantined)
    return Fact(max(0, balance.reserved - sellable), (step,))


def condition_changed(balance: Balance, source: Condition, target: Condition, units: int) -> Fact:
    """Units are in another condition than the books have them.

    Those that can no longer be sold are taken from what is there; more than that are found first. Raises
    ConditionHasFewer for units that the books do not have damaged, or not in quarantine.
    """
    if source is target:
        return Fact(0, ())
    found = max(0, units - balance.sellable) if source is Condition.SELLABLE else 0
    if source is not Condition.SELLABLE:
        _check_has(balance, source, units)
    take_back = max(0, units - found - balance.available) if source is Condition.SELLABLE else 0
    away, there = _moved(Kind.CONDITION_CHANGED, source, -units), _moved(Kind.CONDITION_CHANGED, target, units)
    step = Step(
        Kind.CONDITION_CHANGED, damaged=away.damaged + there.damaged, quarantined=away.quarantined + there.quarantined
    )
    return Fact(take_back, (Step(Kind.FOUND, on_hand=found), step) if found else (step,))


def _check_has(balance: Balance, condition: Condition, units: int) -> None:
    there = {Condition.DAMAGED: balance.damaged, Condition.QUARANTINED: balance.quarantined}.get(condition)
    if there is not None and units > there:
        raise ConditionHasFewer(condition, there)


def _moved(kind: Kind, condition: Condition, units: int, *, on_hand: int = 0) -> Step:
    damaged = units if condition is Condition.DAMAGED else 0
    quarantined = units if condition is Condition.QUARANTINED else 0
    return Step(kind, on_hand, damaged, quarantined)
