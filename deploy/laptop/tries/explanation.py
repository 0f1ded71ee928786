"""A level's movements as lines to read, oldest first, with totals that end at the level. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import NamedTuple

from rappit_client.inventory import LedgerEntry, Level, MovementKind

_SOLD = ("on_hand", "reserved")
_BUCKETS = (*_SOLD, "damaged", "quarantined")
# With this the ledger begins to say how a demand moved units; its id says nothing to people.
_DEMAND = re.compile(r"^(?:order|demand) \S+ version \d+:? ?")
_WIDTH = 15


class Names(NamedTuple):
    """What people call an order, by its demand's id, and who moved something, by the ledger's word for it."""

    orders: Mapping[str, str]
    people: Mapping[str, str]


def explanation(level: Level, entries: Sequence[LedgerEntry], names: Names, steps: int) -> tuple[list[str], bool]:
    """The lines, and whether the movements add up to the level. `entries`: all of them, latest first.

    Movements before the last `steps` are one line.
    """
    held = ", ".join(f"{_words(bucket)} {getattr(level, bucket):,}" for bucket in _BUCKETS)
    lines = [f"{level.warehouse_code}: {held}, available {level.available:,}"]
    # What is damaged or in quarantine has a column where there ever was some.
    columns = [each for each in _BUCKETS if each in _SOLD or any(_delta(entry)[each] for entry in entries)]
    lines.append(_line("time", [_words(column) for column in columns], "available", "because"))
    oldest_first, many = list(reversed(entries)), max(0, len(entries) - steps)
    totals: Counter[str] = Counter()
    for entry in oldest_first[:many]:
        totals.update(_delta(entry))
    if many:
        kinds = Counter(_kind(entry) for entry in oldest_first[:many]).most_common()
        earlier = f"{many:,} steps: " + ", ".join(f"{kind} {count:,} times" for kind, count in kinds)
        lines.append(_line("earlier", [f"{totals[column]:,}" for column in columns], _available(totals), earlier))
    for entry in oldest_first[many:]:
        delta = _delta(entry)
        totals.update(delta)
        cells = [f"{totals[each]:,}" + (f" ({delta[each]:+,})" if delta[each] else "") for each in columns]
        time = f"{entry.time.ToDatetime(UTC).astimezone():%H:%M:%S}"
        lines.append(_line(time, cells, _available(totals), _because(entry, names)))
    adds_up = all(totals[bucket] == getattr(level, bucket) for bucket in _BUCKETS)
    end = "that is why" if adds_up else "the steps do NOT add up to it"
    lines.append(f"  {level.available:,} available: {end}")
    return lines, adds_up


def _line(time: str, cells: Sequence[str], available: str, because: str) -> str:
    return f"  {time:10}" + "".join(f"{cell:{_WIDTH}}" for cell in cells) + f"{available:>9}  {because}"


def _delta(entry: LedgerEntry) -> dict[str, int]:
    return {bucket: getattr(entry, f"{bucket}_delta") for bucket in _BUCKETS}


def _available(totals: Mapping[str, int]) -> str:
    return f"{totals['on_hand'] - totals['reserved'] - totals['damaged'] - totals['quarantined']:,}"


def _because(entry: LedgerEntry, names: Names) -> str:
    """Who and why: the order and how it took units, or the person and the reason."""
    if entry.demand_id:
        how = _DEMAND.sub("", entry.cause)
        whose = names.orders.get(entry.demand_id, f"demand {entry.demand_id}")
        return f"{whose}: {how}" if how else whose
    who = names.people.get(entry.actor, entry.actor)
    note = f', "{entry.note}"' if entry.note else ""
    return f"{_words(entry.cause.lower())}, by {who}{note}"


def _kind(entry: LedgerEntry) -> str:
    return _words(MovementKind.Name(entry.kind).removeprefix("MOVEMENT_KIND_").lower())


def _words(name: str) -> str:
    return name.replace("_", " ")
