"""Stock as simply as it can be kept: what orders hold, who waits, and what is on the shelf."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

Level = tuple[str, str]
"""SKU and warehouse."""


class Books:
    """All of an order or none of it, a line from the first warehouse that has it all, else from several; who waits
    longest is served first. `unknown` are SKUs that have no item: their lines take nothing.
    """

    def __init__(self, opening: Mapping[Level, int], warehouses: Sequence[str], unknown: set[str]) -> None:
        self.free = Counter(opening)
        self.held: dict[str, Counter[Level]] = {}
        self.waiting: dict[str, Counter[str]] = {}
        self.left_unreserved = 0
        self._warehouses = warehouses
        self._unknown = unknown
        self._waiters: defaultdict[str, dict[str, None]] = defaultdict(dict)

    @property
    def on_hand(self) -> int:
        """Units on all shelves."""
        return self.free.total() + sum(held.total() for held in self.held.values())

    def want(self, order: str, units: Counter[str]) -> bool:
        """An order wants this from now on. Whether it has it."""
        self.give_back(order)
        wanted = Counter({sku: count for sku, count in units.items() if sku not in self._unknown})
        return self._take(order, wanted) or self._wait(order, wanted)

    def give_back(self, order: str) -> None:
        """It wants nothing any more."""
        self._forget(order)
        returned = self.held.pop(order, Counter())
        self.free.update(returned)
        self._serve({sku for sku, _ in returned})

    def leave(self, order: str) -> None:
        """All that it wanted left, though nobody may have reserved it."""
        if order in self.waiting:
            self.left_unreserved += 1
            self._forget(order)
        self.held.pop(order, None)

    def receive(self, level: Level, units: int) -> None:
        """Goods came."""
        self.free[level] += units
        self._serve({level[0]})

    def _take(self, order: str, wanted: Counter[str]) -> bool:
        if any(sum(self.free[(sku, place)] for place in self._warehouses) < count for sku, count in wanted.items()):
            return False
        held = self.held[order] = Counter()
        for sku, count in wanted.items():
            whole = [place for place in self._warehouses if self.free[(sku, place)] >= count]
            for place in whole[:1] or self._warehouses:
                taken = min(count - sum(held[(sku, other)] for other in self._warehouses), self.free[(sku, place)])
                held[(sku, place)] += taken
                self.free[(sku, place)] -= taken
        return True

    def _wait(self, order: str, wanted: Counter[str]) -> bool:
        self.waiting[order] = wanted
        for sku in wanted:
            self._waiters[sku][order] = None
        return False

    def _forget(self, order: str) -> None:
        for sku in self.waiting.pop(order, ()):
            del self._waiters[sku][order]

    def _serve(self, skus: set[str]) -> None:
        for order in [order for sku in skus for order in self._waiters[sku]]:
            wanted = self.waiting.get(order)
            if wanted is not None and self._take(order, wanted):
                self._forget(order)
