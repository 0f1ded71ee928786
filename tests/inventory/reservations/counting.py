"""A model of one warehouse's stock that counts: no batches, no rows, no places; slow and plain."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from uuid import UUID

Lines = dict[str, tuple[UUID, int]]  # line -> item, units wanted


@dataclass
class Known:
    """What a demand wants."""

    by_order: bool
    version: int
    lines: Lines
    closed: bool = False


@dataclass
class Counting:
    """What is on the shelf, what each line holds, what left of it, and who waits for how many, in turn."""

    shelf: Counter[UUID] = field(default_factory=Counter)
    demands: dict[UUID, Known] = field(default_factory=dict)
    held: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    left: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    ages: list[tuple[UUID, str]] = field(default_factory=list)
    queue: dict[UUID, dict[UUID, int]] = field(default_factory=dict)
    items: dict[tuple[UUID, str], UUID] = field(default_factory=dict)

    def order(self, demand: UUID, version: int, lines: Lines, fulfilled: dict[str, int], cancelled: bool) -> bool:
        known = self.demands.get(demand)
        if known and version <= known.version:
            return True
        gone = {
            line: (item, 0) for line, (item, _) in (known.lines if known else {}).items() if self.left[demand, line]
        }
        self.demands[demand] = Known(True, version, gone | lines)
        for line in lines:
            self._come_back(demand, line, self.left[demand, line] - fulfilled[line])
        for line in lines:
            self._leave(demand, line, lines[line][0], max(0, fulfilled[line] - self.left[demand, line]))
        return self._settle(demand, ends=cancelled)

    def call(self, demand: UUID, version: int, lines: Lines) -> bool:
        known = self.demands.get(demand)
        if known and (known.by_order or known.closed):
            return False
        if known and version <= known.version:
            return True
        before = deepcopy(self.__dict__)
        gone = {
            line: (item, 0) for line, (item, _) in (known.lines if known else {}).items() if self.left[demand, line]
        }
        self.demands[demand] = Known(False, version, gone | lines)
        if not self._settle(demand, refuse_short=True):
            self.__dict__.update(before)
            return False
        return True

    def release(self, demand: UUID) -> bool:
        known = self.demands.get(demand)
        return bool(known and not known.by_order) and self._settle(demand, ends=True)

    def consume(self, demand: UUID, lines: dict[str, int]) -> bool:
        known = self.demands.get(demand)
        if not known or known.by_order or known.closed:
            return False
        if any(units > self.held[demand, line] for line, units in lines.items()):
            return False
        for line in lines or list(known.lines):
            self._leave(demand, line, known.lines[line][0], lines.get(line, self.held[demand, line]))
        return self._settle(demand)

    def again(self, demand: UUID) -> None:
        if not self.demands[demand].closed:
            self._settle(demand)

    def reserved(self, item: UUID) -> int:
        return sum(self.held[demand, line] for demand, line in list(self.held) if self._item(demand, line) == item)

    def free(self, item: UUID, demand: UUID) -> int:
        available = self.shelf[item] - self.reserved(item)
        older = []
        for other, needs in self.queue.items():
            if other == demand:
                break
            older.append(needs.get(item, 0))
        return max(0, available - sum(units for units in older if units <= available))

    def check_that_nobody_waits_in_vain(self) -> None:
        for needs in self.queue.values():
            assert all(units > self.shelf[item] - self.reserved(item) for item, units in needs.items())

    def _item(self, demand: UUID, line: str) -> UUID | None:
        # A line that is no longer wanted holds its units until it gives them back.
        self.items |= {(demand, each): item for each, (item, _) in self.demands[demand].lines.items()}
        return self.items.get((demand, line))

    def _come_back(self, demand: UUID, line: str, units: int) -> None:
        """A fulfilment was cancelled: on the shelf again, and held again by whoever held it."""
        if units > 0:
            self.shelf[self.demands[demand].lines[line][0]] += units
            self.held[demand, line] += units
            self.left[demand, line] -= units
            if (demand, line) not in self.ages:
                self.ages.append((demand, line))

    def _leave(self, demand: UUID, line: str, item: UUID, units: int) -> None:
        promised = min(units, self.held[demand, line])
        self.held[demand, line] -= promised
        self.shelf[item] -= promised
        rest = units - promised
        # More left than was promised: from what is free, then from the youngest, then from what nobody knew of.
        for other in reversed(self.ages):
            if self._item(*other) == item:
                back = max(0, min(self.held[other], rest - (self.shelf[item] - self.reserved(item))))
                self.held[other] -= back
        self.shelf[item] -= min(rest, self.shelf[item] - self.reserved(item))
        self.left[demand, line] += units
        self._forget_ended()

    def _settle(self, demand: UUID, *, ends: bool = False, refuse_short: bool = False) -> bool:
        known = self.demands[demand]
        targets = {
            line: 0 if ends else max(0, units - self.left[demand, line]) for line, (_, units) in known.lines.items()
        }
        for line in [line for other, line in list(self.held) if other == demand]:
            self.held[demand, line] = min(self.held[demand, line], targets.get(line, 0))
        self._forget_ended()
        lacks = {line: units - self.held[demand, line] for line, units in targets.items()}
        needs: Counter[UUID] = Counter()
        for line, units in lacks.items():
            needs[known.lines[line][0]] += units
        short = {item: units for item, units in needs.items() if units > self.free(item, demand)}
        if short and refuse_short:
            return False
        holds = any(units for (other, _), units in [*self.held.items(), *self.left.items()] if other == demand)
        for line, units in lacks.items():
            if units and known.lines[line][0] not in short and (holds or not short):
                self.held[demand, line] += units
                if (demand, line) not in self.ages:
                    self.ages.append((demand, line))
        if short:
            self.queue[demand] = short
        else:
            self.queue.pop(demand, None)
        known.closed = not any(targets.values())
        return True

    def _forget_ended(self) -> None:
        self.ages = [line for line in self.ages if self.held[line]]
