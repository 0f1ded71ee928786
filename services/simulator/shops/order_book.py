"""The orders that a shop keeps: one file per order, named by its number, with its last few versions."""

import json
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path

from simulator.shops.files import make_folder, write
from simulator.shops.provider import Json

FIRST_NUMBER = 1001
MOST_ORDERS = 2_000
MOST_VERSIONS = 6
_AT_HAND = 50


@dataclass(frozen=True, slots=True)
class Version:
    """An order as one action left it, and the ids under which that was told: `webhook_ids` by topic.

    others: what was told under a topic where that is not the order.
    """

    order: Json
    event_id: str
    triggered_at: str
    webhook_ids: dict[str, str]
    others: dict[str, Json] = field(default_factory=dict)


Versions = tuple[Version, ...]


_NAMES = tuple(each.name for each in fields(Version))


class OrderBook:
    """Keeps the last `most_orders` orders with up to MOST_VERSIONS versions each; numbers go on after what was kept."""

    def __init__(self, folder: Path, *, most_orders: int = MOST_ORDERS) -> None:
        self._folder = make_folder(folder)
        self._most_orders = most_orders
        self._numbers = sorted(int(file.stem) for file in folder.glob("*.json"))
        self._at_hand: OrderedDict[int, Versions] = OrderedDict()

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def next_number(self) -> int:
        """The number of the next new order."""
        return self._numbers[-1] + 1 if self._numbers else FIRST_NUMBER

    def latest(self, limit: int, before: int | None = None) -> Iterator[Versions]:
        """Orders from the newest to older ones, those below a number if one is given."""
        end = len(self._numbers) if before is None else bisect_left(self._numbers, before)
        for number in reversed(self._numbers[max(0, end - limit) : end]):
            yield self._read(number)

    def find(self, number: int) -> Versions | None:
        """The versions of an order, the current one last; None where there is none, or none any more."""
        return self._read(number) if number in self._at_hand or self._file(number).exists() else None

    def add(self, number: int, version: Version) -> None:
        """Keep what has become of the order with this number, or a new one."""
        versions = (*(self.find(number) or ()), version)[-MOST_VERSIONS:]
        write(self._file(number), json.dumps([_kept(entry) for entry in versions], ensure_ascii=False))
        self._hold(number, versions)
        if not self._numbers or number > self._numbers[-1]:
            self._numbers.append(number)
        for old in self._numbers[: -self._most_orders]:
            self._numbers.remove(old)
            self._at_hand.pop(old, None)
            self._file(old).unlink()

    def _read(self, number: int) -> Versions:
        if number not in self._at_hand:
            self._hold(number, tuple(Version(**entry) for entry in json.loads(self._file(number).read_text())))
        return self._at_hand[number]

    def _hold(self, number: int, versions: Versions) -> None:
        self._at_hand[number] = versions
        self._at_hand.move_to_end(number)
        if len(self._at_hand) > _AT_HAND:
            self._at_hand.popitem(last=False)

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.json"


def _kept(version: Version) -> Json:
    """As it is written; `asdict` would copy the order, which takes longer than all else."""
    return {name: getattr(version, name) for name in _NAMES}
