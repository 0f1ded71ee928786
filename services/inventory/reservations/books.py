"""The books of one batch, read under lock and changed by its decisions before they are saved. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from inventory.reservations.demand import Demand, Reservation, Status, status_of
from inventory.reservations.taking_back import claimed_of
from inventory.stock.level import Balance, Kind, Movement, Mover
from inventory.warehouses.sourcing import Sourcing
from inventory.warehouses.warehouse import Warehouse

Place = tuple[UUID, UUID]  # item, warehouse

# Positions of those who begin to wait in this batch, in their order, until the database gives them real ones.
NEWCOMER = 1 << 62

_NOTHING: Mapping[Place, int] = {}

# The time of books that nobody read from the database.
NEVER = datetime.min.replace(tzinfo=UTC)


class Waiting(NamedTuple):
    """A demand waits for units of an item; one with a lower position has waited longer."""

    position: int
    units: int


class Why(NamedTuple):
    """For which demand units move, who moves them, and what of, in words."""

    demand_id: UUID
    mover: Mover
    cause: str


class ShippedUnreserved(NamedTuple):
    """Units left that were not promised to the line, or not there: somebody should look."""

    demand_id: UUID
    line_id: str
    item_id: UUID
    warehouse_id: UUID
    units: int
    found: int
    taken_back: int


@dataclass(slots=True)
class Books:
    """What the batch's decisions are made of: only what is locked, as it was read after it was locked.

    `stored` are the demands as the database has them; those that this batch made are there before they are decided.
    `others` are reservations of demands outside the batch, read only where units may have to be taken back; `claimed`
    is how many units of their lines, (demand, line), somebody works on.
    """

    warehouses: tuple[Warehouse, ...]  # by priority, then code
    levels: dict[Place, Balance]
    safety_stock: dict[UUID, int] = field(default_factory=dict)  # held back, of all warehouses together
    held_back_at: dict[Place, int] = field(default_factory=dict)  # held back in one warehouse
    sourcing: Sourcing = field(default_factory=Sourcing)
    now: datetime = NEVER  # the server's time
    demands: dict[UUID, Demand] = field(default_factory=dict)
    stored: dict[UUID, Demand] = field(default_factory=dict)
    reservations: dict[UUID, list[Reservation]] = field(default_factory=dict)
    waiting: dict[Place, dict[UUID, Waiting]] = field(default_factory=dict)  # item, warehouse or ANYWHERE -> demand
    others: dict[Place, list[Reservation]] = field(default_factory=dict)
    claimed: dict[tuple[UUID, str], int] = field(default_factory=dict)

    # What the decisions changed.
    movements: list[Movement] = field(default_factory=list)
    made: list[Reservation] = field(default_factory=list)
    moved: dict[int, Reservation] = field(default_factory=dict)
    waiting_changed: set[tuple[Place, UUID]] = field(default_factory=set)  # place, demand
    noticed: set[UUID] = field(default_factory=set)
    alarms: list[ShippedUnreserved] = field(default_factory=list)
    newcomers: int = 0

    open_warehouses: tuple[UUID, ...] = field(init=False)
    priority: dict[UUID, int] = field(init=False)
    codes: dict[UUID, str] = field(init=False)
    known_items: frozenset[UUID] = field(init=False)

    def __post_init__(self) -> None:
        """Derive what is asked often."""
        self.open_warehouses = tuple(warehouse.id for warehouse in self.warehouses if warehouse.open)
        self.priority = {warehouse.id: place for place, warehouse in enumerate(self.warehouses)}
        self.codes = {warehouse.id: warehouse.code for warehouse in self.warehouses}
        self.known_items = frozenset(item_id for item_id, _ in self.levels)

    def shelf(self, item_id: UUID, given_back: Mapping[Place, int] = _NOTHING) -> list[tuple[UUID, int]]:
        """(open warehouse, units it does not hold back) of an item, in the order in which stock is taken.

        With `given_back`, as if these were no longer promised.
        """
        levels, held_back = self.levels, self.held_back_at
        return [
            (warehouse_id, max(0, levels[place].available + given_back.get(place, 0) - held_back.get(place, 0)))
            for warehouse_id in self.open_warehouses
            if (place := (item_id, warehouse_id)) in levels
        ]

    def served_from(self, item_id: UUID) -> list[UUID]:
        """Warehouses that serve an item, in their order: the open ones, or all where none is open."""
        candidates = self.open_warehouses or self.priority
        return [warehouse_id for warehouse_id in candidates if (item_id, warehouse_id) in self.levels]

    def available(self, item_id: UUID) -> int:
        """Units of an item that can be promised, in all open warehouses."""
        return max(0, sum(units for _, units in self.shelf(item_id)) - self.held_back(item_id))

    def held_back(self, item_id: UUID) -> int:
        """Units of an item that are kept from new reservations."""
        return self.safety_stock.get(item_id, 0)

    def spoken_for(self, place: Place, demand_id: UUID, available: int) -> int:
        """Units that those who have waited longer for this place, or ANYWHERE, come first for; one that needs more than
        is available does not."""
        rows = self.waiting.get(place)
        if not rows:
            return 0
        position = self.position_of(demand_id)
        return sum(row.units for row in rows.values() if row.position < position and row.units <= available)

    def position_of(self, demand_id: UUID) -> int:
        """Where a demand stands among those who wait; behind all of them if it does not wait."""
        positions = [rows[demand_id].position for rows in self.waiting.values() if demand_id in rows]
        return min(positions) if positions else NEWCOMER + self.newcomers

    def move(self, kind: Kind, place: Place, why: Why, how: str, *, on_hand: int = 0, reserved: int = 0) -> None:
        """Move units of a level, and write down why and how."""
        balance = self.levels[place]
        balance.on_hand += on_hand
        balance.reserved += reserved
        cause = f"{why.cause}: {how}"
        self.movements.append(
            Movement(kind, *place, why.mover, cause, on_hand=on_hand, reserved=reserved, demand_id=why.demand_id)
        )

    def touch(self, row: Reservation) -> None:
        """Remember that a saved reservation changed."""
        if row.id is not None:
            self.moved[row.id] = row

    def make(self, row: Reservation) -> None:
        """Add a reservation."""
        self.reservations.setdefault(row.demand_id, []).append(row)
        self.made.append(row)

    def wait(self, demand_id: UUID, needs: Mapping[Place, int]) -> None:
        """Let a demand wait for these units, and for nothing else, where it stood if it waited before."""
        if not needs and not self.waiting:
            return
        position = self.position_of(demand_id)
        if needs and position == NEWCOMER + self.newcomers:
            self.newcomers += 1
        for place, rows in self.waiting.items():
            if demand_id in rows and place not in needs:
                del rows[demand_id]
                self.waiting_changed.add((place, demand_id))
        for place, units in needs.items():
            row = Waiting(position, units)
            rows = self.waiting.setdefault(place, {})
            if rows.get(demand_id) != row:
                rows[demand_id] = row
                self.waiting_changed.add((place, demand_id))

    def may_wake(self) -> dict[UUID, int | None]:
        """Items that somebody waits or waited for, with the units that are available now."""
        woken = {item_id: self.available(item_id) for item_id, _ in self.waiting}
        return {item_id: units for item_id, units in woken.items() if units > 0}

    def claimed_of(self, row: Reservation) -> int:
        """Units of a reservation that somebody works on."""
        demand = self.demands.get(row.demand_id)
        if demand is None:
            return claimed_of(row, self.claimed.get((row.demand_id, row.line_id), 0))
        return claimed_of(row, sum(line.claimed for line in demand.lines if line.line_id == row.line_id))

    def status(self, demand: Demand) -> Status:
        """A demand with all that it holds now."""
        return status_of(
            demand,
            self.reservations.get(demand.id, ()),
            waits_for={place for place, rows in self.waiting.items() if demand.id in rows},
            codes=self.codes,
            some_open=bool(self.open_warehouses),
        )
