"""Units of one item in one warehouse, and what may move them. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from inventory.errors import AdjustmentBelowReserved


class Kind(StrEnum):
    """Kind of a movement, as the ledger and the contract name it."""

    ADJUSTED = "ADJUSTED"
    RESERVED = "RESERVED"
    RELEASED = "RELEASED"
    CONSUMED = "CONSUMED"
    SHIPPED_UNRESERVED = "SHIPPED_UNRESERVED"
    FOUND = "FOUND"


@dataclass(slots=True)
class Balance:
    """Units on the shelf, and how many of them are promised or cannot be sold."""

    on_hand: int = 0
    reserved: int = 0
    damaged: int = 0

    @property
    def available(self) -> int:
        """Units that can be promised."""
        return self.on_hand - self.reserved - self.damaged


@dataclass(frozen=True, slots=True)
class Level:
    """A level as people see it. `update_time` is None when nothing ever moved."""

    item_id: UUID
    sku: str
    warehouse_id: UUID
    warehouse_code: str
    balance: Balance
    update_time: datetime | None


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


def check_adjustment(balance: Balance, delta: int) -> None:
    """Refuse an adjustment after which what is reserved or damaged would no longer be on hand."""
    if balance.available + min(delta, 0) < 0:
        raise AdjustmentBelowReserved(balance.on_hand, balance.reserved, balance.damaged)
