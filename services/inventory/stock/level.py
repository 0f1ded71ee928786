"""Units of one item in one warehouse, and what moves them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """Kind of a movement, as the ledger and the contract name it."""

    ADJUSTED = "ADJUSTED"
    RESERVED = "RESERVED"
    RELEASED = "RELEASED"
    CONSUMED = "CONSUMED"
    SHIPPED_UNRESERVED = "SHIPPED_UNRESERVED"
    FOUND = "FOUND"
    COUNTED = "COUNTED"
    CONDITION_CHANGED = "CONDITION_CHANGED"
    FULFILLMENT_CANCELLED = "FULFILLMENT_CANCELLED"


@dataclass(slots=True)
class Balance:
    """Units on the shelf, and how many of them are promised or cannot be sold."""

    on_hand: int = 0
    reserved: int = 0
    damaged: int = 0
    quarantined: int = 0

    @property
    def sellable(self) -> int:
        """Units on the shelf that can be sold, promised or not."""
        return self.on_hand - self.damaged - self.quarantined

    @property
    def available(self) -> int:
        """Units that can be promised."""
        return self.sellable - self.reserved


@dataclass(frozen=True, slots=True)
class Level:
    """A level as people see it. `update_time` is None when nothing ever moved; `count_due`: units were found there.

    safety_stock: units of these that this warehouse holds back from new reservations.
    """

    item_id: UUID
    sku: str
    warehouse_id: UUID
    warehouse_code: str
    balance: Balance
    update_time: datetime | None
    count_due: bool
    safety_stock: int = 0


@dataclass(frozen=True, slots=True)
class LowItem:
    """An item of which no more are available, in all open warehouses, than its reorder point."""

    item_id: UUID
    sku: str
    name: str
    available: int
    safety_stock: int
    reorder_point: int


@dataclass(frozen=True, slots=True)
class Mover:
    """Who moves units: "user:<id>" or "service:<name>", and the member of staff who acts as that user."""

    actor: str
    impersonator: str | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """One change of one level, in words for whoever asks later: a row of the ledger before it has its balances."""

    kind: Kind
    item_id: UUID
    warehouse_id: UUID
    mover: Mover
    cause: str
    on_hand: int = 0
    reserved: int = 0
    damaged: int = 0
    quarantined: int = 0
    demand_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger: what moved, and the balance that it left."""

    position: int
    kind: Kind
    delta: Balance
    after: Balance
    cause: str
    demand_id: UUID | None
    actor: str
    note: str
    time: datetime
