"""A line of an order: what its store says of it, what was decided here, and what inventory holds for it."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from orders.orders.snapshot import LineKind, SnapshotLine


@dataclass(frozen=True, slots=True)
class LineEdit:
    """What was decided here about a line. No snapshot takes it back.

    base: units that the store wanted then. wanted: units that are wanted instead. sku: the SKU that is sent instead of
    the store's; None for the store's.
    """

    base: int
    wanted: int
    sku: str | None = None


class ReservedAt(NamedTuple):
    """Units of a line that are reserved in one warehouse, of which `code` is the code; why there, in words."""

    warehouse_id: UUID
    code: str
    units: int
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line: what the store says of it, the item that it takes, the units reserved for it and where.

    in_store: whether the store's greatest snapshot names it. edit: what was decided here.
    candidates: SKUs of items that it might take, where several are alike and none is the very one.
    item_given: whether the item was named itself, whatever its SKU means.
    """

    id: UUID
    said: SnapshotLine
    item_id: UUID | None = None
    reserved: int = 0
    in_store: bool = True
    edit: LineEdit | None = None
    candidates: tuple[str, ...] = ()
    item_given: bool = False
    reserved_at: tuple[ReservedAt, ...] = ()

    @property
    def wanted(self) -> int:
        """Units that are to leave or left: the store's, with what was decided here."""
        edit = self.edit
        return max(self.said.fulfilled, both(edit.base, edit.wanted, self.said.wanted)) if edit else self.said.wanted

    @property
    def sku(self) -> str:
        """The SKU that is sent."""
        return self.edit.sku if self.edit and self.edit.sku is not None else self.said.sku

    @property
    def stocked(self) -> bool:
        """Whether it takes stock."""
        return self.said.kind is LineKind.STOCKED

    @property
    def open(self) -> int:
        """Units that are still to be taken from stock."""
        return self.wanted - self.said.fulfilled if self.stocked else 0

    @property
    def follows_sku(self) -> bool:
        """Whether it takes another item when its SKU means another: until units of it left."""
        return self.unmapped or (self.stocked and not self.item_given and not self.said.fulfilled)

    @property
    def unmapped(self) -> bool:
        """Whether it takes stock, and of what is not known."""
        return self.stocked and self.item_id is None


def both(base: int, here: int, store: int) -> int:
    """Units of a line that are wanted after two changes of `base` that know nothing of each other: to `here` by people
    here, to `store` by the store.

    What both did is done once: whoever takes a unit off here often takes it off in the store too, before or after.
    What only one of them did is done as well. So the store's refund counts on a line to which units were added here,
    and the units added here stay. Neither side has the last word, and the order in which they came plays no part.
    """
    ours, theirs = here - base, store - base
    if ours >= 0 and theirs >= 0:
        return base + max(ours, theirs)
    if ours <= 0 and theirs <= 0:
        return base + min(ours, theirs)
    return base + ours + theirs
