"""A demand: what one order or checkout wants, and what it has. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

# In the place of a warehouse, for those who wait: wherever the units are.
ANYWHERE = UUID(int=0)


class Owner(StrEnum):
    """Who may change a demand."""

    ORDERS = "ORDERS"
    API = "API"


class State(StrEnum):
    """Whether a demand is alive, and whether it has what it wants."""

    RESERVED = "RESERVED"
    SHORT = "SHORT"
    CLOSED = "CLOSED"


class ShortReason(StrEnum):
    """Why a line lacks units."""

    INSUFFICIENT_STOCK = "INSUFFICIENT_STOCK"
    NO_WAREHOUSE = "NO_WAREHOUSE"
    WITH_ORDER = "WITH_ORDER"
    NOT_IN_ONE_WAREHOUSE = "NOT_IN_ONE_WAREHOUSE"
    RELEASED_BY_FORCE = "RELEASED_BY_FORCE"


@dataclass(frozen=True, slots=True)
class Line:
    """Units of an item that are wanted in all, among them those that left; `claimed` of them are being worked on."""

    line_id: str
    item_id: UUID
    wanted: int
    claimed: int = 0


@dataclass(frozen=True, slots=True)
class Demand:
    """What is wanted. `version` is the last one applied, `revision` counts the events that told what is held.

    `expired`: closed because the server's time passed `expire_time`. `held_off`: its units were released by force, and
    it reserves nothing more in this version.
    """

    id: UUID
    owner: Owner
    version: int
    revision: int
    closed: bool
    lines: tuple[Line, ...]
    expire_time: datetime | None = None
    expired: bool = False
    held_off: bool = False

    def is_over(self, now: datetime) -> bool:
        """Whether its time is up, whether or not anybody has given back what it holds."""
        return self.expired or (not self.closed and self.expire_time is not None and self.expire_time <= now)


@dataclass(slots=True)
class Reservation:
    """Units of one line in one warehouse: promised, of these left, of these given back. ACTIVE while a rest remains.

    `id` is None until it is saved; ids grow with age. `why`: why there, in words. One of `quantity` = `consumed` may
    never have been promised: its units left without.
    """

    id: int | None
    demand_id: UUID
    line_id: str
    item_id: UUID
    warehouse_id: UUID
    quantity: int
    consumed: int = 0
    released: int = 0
    why: str = ""

    @property
    def rest(self) -> int:
        """Units that are still promised."""
        return self.quantity - self.consumed - self.released


class ReservedAt(NamedTuple):
    """Units reserved in one warehouse, and why there."""

    warehouse_id: UUID
    code: str
    units: int
    why: str


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A line with what it holds."""

    line_id: str
    item_id: UUID
    wanted: int
    reserved: int
    consumed: int
    reserved_at: tuple[ReservedAt, ...]


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line that lacks units."""

    line_id: str
    item_id: UUID
    missing: int
    reason: ShortReason


@dataclass(frozen=True, slots=True)
class Status:
    """A demand with all that it holds, in whole."""

    demand: Demand
    lines: tuple[LineStatus, ...]
    short_lines: tuple[ShortLine, ...]

    @property
    def state(self) -> State:
        """CLOSED, or whether it has all that it wants."""
        if self.demand.closed:
            return State.CLOSED
        return State.SHORT if self.short_lines else State.RESERVED


def status_of(
    demand: Demand,
    reservations: Sequence[Reservation],
    *,
    waits_for: Collection[tuple[UUID, UUID]],
    codes: Mapping[UUID, str],
    some_open: bool,
) -> Status:
    """What a demand holds. `waits_for`: (item, warehouse or ANYWHERE); `codes`: of the warehouses, in their order."""
    of_line: dict[str, list[Reservation]] = {}
    for row in reservations:
        of_line.setdefault(row.line_id, []).append(row)
    lines = tuple(_line_status(line, of_line.get(line.line_id, ()), codes) for line in demand.lines)
    if demand.closed:
        return Status(demand, lines, ())
    short = []
    for line in lines:
        missing = line.wanted - line.consumed - line.reserved
        if missing > 0:
            reason = (
                _reason(line.item_id, waits_for, some_open) if not demand.held_off else ShortReason.RELEASED_BY_FORCE
            )
            short.append(ShortLine(line.line_id, line.item_id, missing, reason))
    return Status(demand, lines, tuple(short))


def _line_status(line: Line, rows: Sequence[Reservation], codes: Mapping[UUID, str]) -> LineStatus:
    reserved = consumed = 0
    places: dict[UUID, ReservedAt] = {}
    for row in rows:
        consumed += row.consumed
        if row.rest:
            reserved += row.rest
            so_far = places[row.warehouse_id].units if row.warehouse_id in places else 0
            code = codes[row.warehouse_id]
            places[row.warehouse_id] = ReservedAt(row.warehouse_id, code, so_far + row.rest, row.why)
    ordered = places.values() if len(places) < 2 else [places[place] for place in codes if place in places]
    return LineStatus(line.line_id, line.item_id, line.wanted, reserved, consumed, tuple(ordered))


def _reason(item_id: UUID, waits_for: Collection[tuple[UUID, UUID]], some_open: bool) -> ShortReason:
    if not some_open:
        return ShortReason.NO_WAREHOUSE
    if (item_id, ANYWHERE) in waits_for:
        return ShortReason.INSUFFICIENT_STOCK
    in_one = any(item_id == waited_for for waited_for, _ in waits_for)
    return ShortReason.NOT_IN_ONE_WAREHOUSE if in_one else ShortReason.WITH_ORDER
