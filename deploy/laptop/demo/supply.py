"""When goods are ordered from suppliers, and when they come. Pure: time and chance are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

from laptop.demo.made import Place

Level = tuple[str, str]
"""Item and warehouse."""

# Seconds from the order to its arrival.
LEAD_SECONDS = (15.0, 60.0)


@dataclass(frozen=True)
class Receipt:
    """Goods that came. `key` is that of every try to put them into the books."""

    place: Place
    units: int
    key: str
    due: float


class Supply:
    """What is on its way. A shelf that runs low is filled up; nothing more is ordered for it until that has come."""

    def __init__(self, places: Sequence[Place], random: Random, speed: float = 1.0) -> None:
        self._places = [place for place in places if place.shelf.low >= 0]
        self._random = random
        self._speed = speed
        self._coming: dict[Level, Receipt] = {}

    def order(self, available: Mapping[Level, int], now: float) -> None:
        """Order what is low, by the units available of each level; a level that is not named has none."""
        for place in self._places:
            level = (place.item_id, place.warehouse_id)
            units = available.get(level, 0)
            if level not in self._coming and units <= place.shelf.low:
                key = str(UUID(int=self._random.getrandbits(128), version=4))
                due = now + self._random.uniform(*LEAD_SECONDS) / self._speed
                self._coming[level] = Receipt(place, place.shelf.full - units, key, due)

    def arrived(self, now: float) -> list[Receipt]:
        """What came and was not put away yet."""
        return [receipt for receipt in self._coming.values() if receipt.due <= now]

    def put_away(self, receipt: Receipt) -> None:
        """It is in the books."""
        del self._coming[(receipt.place.item_id, receipt.place.warehouse_id)]
