"""Which item a SKU of a store means."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from orders.mappings.sku import sku_key


class Meant(NamedTuple):
    """The item that a SKU means; where that is not sure, the SKUs of those that it may mean."""

    item_id: UUID | None = None
    candidates: tuple[str, ...] = ()


class KnownSku(NamedTuple):
    """A SKU and its item: as people decided of a store's SKU, or as inventory says of its own."""

    sku: str
    item_id: UUID
    by_hand: bool


class Items:
    """What is known of some SKUs. What people decided counts first, then the very SKU, then the one that is alike but
    for case, Unicode form and space. Of several that are alike none is taken: a wrong parcel costs more than asking.
    """

    def __init__(self, known: Iterable[KnownSku] = ()) -> None:
        self._by_hand: dict[str, UUID] = {}
        self._alike: dict[str, dict[str, UUID]] = {}
        # Of two items with one SKU (their events crossed) always the same one.
        for each in sorted(known, key=lambda each: each.item_id, reverse=True):
            if each.by_hand:
                self._by_hand[each.sku] = each.item_id
            else:
                self._alike.setdefault(sku_key(each.sku), {})[each.sku] = each.item_id

    def of(self, sku: str) -> Meant:
        """The item that the SKU means."""
        if sku in self._by_hand:
            return Meant(self._by_hand[sku])
        alike = self._alike.get(sku_key(sku), {}) if sku else {}
        if sku in alike:
            return Meant(alike[sku])
        if len(alike) == 1:
            return Meant(next(iter(alike.values())))
        return Meant(None, tuple(sorted(alike)))
