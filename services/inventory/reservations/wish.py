"""What may be asked about a demand: by an order's event, by a caller, or by the worker who serves those who wait."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from inventory.reservations.demand import Owner
from inventory.stock.level import Mover


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A line in whole. `fulfilled_at` is (warehouse, units that left in all); None where nobody said which one."""

    line_id: str
    item_id: UUID
    wanted: int
    fulfilled_at: tuple[tuple[UUID | None, int], ...] = ()
    claimed: int = 0


@dataclass(frozen=True, slots=True)
class Want:
    """The whole wanted state, of a version: a line that is not named wants nothing. Cancelled wants nothing more.

    With a `ttl` it expires so long after the server's present time.
    """

    owner: Owner
    version: int
    lines: tuple[WantedLine, ...]
    cancelled: bool = False
    ttl: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """Give back what is still held, and end."""


@dataclass(frozen=True, slots=True)
class Expire:
    """Give back what is still held, and end, where the time is up."""


@dataclass(frozen=True, slots=True)
class ForceRelease:
    """Give back what is held, or of one item: a caller's demand ends, an order is held off until it changes."""

    reason: str
    item_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Consume:
    """Reserved units left: (line, units), or all that are reserved where no line is named."""

    lines: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Again:
    """Try again to reserve what is missing; `tell` what is held even where nothing changed."""

    tell: bool = False


Ask: TypeAlias = Want | Release | Expire | ForceRelease | Consume | Again


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `cause` is what the event that follows names: an event's id, an RPC or a job.

    `traceparent` is the trace that it goes on with, where `cause` does not say: a batch has many callers.
    """

    mover: Mover
    cause: str
    traceparent: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """One ask about one demand."""

    demand_id: UUID
    ask: Ask
    asker: Asker
