"""What a wish is to make of its demand, or why it may not. Pure."""

from dataclasses import dataclass, replace
from uuid import UUID

from inventory.errors import (
    ConsumeExceedsReserved,
    DemandClosed,
    DemandNotFound,
    DemandOwnedByOrders,
    ItemNotFound,
    WarehouseNotFound,
)
from inventory.reservations.books import Books
from inventory.reservations.demand import Demand, Line, Owner
from inventory.reservations.leaving import Leaving, newly_left
from inventory.reservations.wish import Again, Consume, Release, Want, Wish


@dataclass(frozen=True, slots=True)
class Goal:
    """The state that a demand is to be moved to: units that left, and the lines that are to be reserved.

    `ends`: nothing more is wanted. `refuse_short`: rather nothing than less than all. `tell`: others hear of it even
    where nothing moved.
    """

    demand: Demand
    leaving: tuple[Leaving, ...] = ()
    ends: bool = False
    refuse_short: bool = False
    tell: bool = True


def goal_of(books: Books, wish: Wish) -> Goal | None:
    """What is to become of the demand; None where it stays as it is. Raises the refusal."""
    demand = books.demands.get(wish.demand_id)
    if isinstance(wish.ask, Want):
        return _wanted(books, demand, wish.demand_id, wish.ask)
    if demand is None:
        raise DemandNotFound(wish.demand_id)
    if isinstance(wish.ask, Again):
        return None if demand.closed else Goal(demand, tell=wish.ask.tell)
    if demand.owner is Owner.ORDERS:
        raise DemandOwnedByOrders(demand.id)
    if isinstance(wish.ask, Release):
        return None if demand.closed else Goal(demand, ends=True)
    if demand.closed:
        raise DemandClosed(demand.id)
    return Goal(demand, leaving=_consumed(books, demand, wish.ask))


def _wanted(books: Books, demand: Demand | None, demand_id: UUID, want: Want) -> Goal | None:
    """The whole wanted state. An order's event takes over a demand that a caller made with the order's id."""
    if want.owner is Owner.API and demand is not None:
        if demand.owner is Owner.ORDERS:
            raise DemandOwnedByOrders(demand.id)
        if demand.closed:
            raise DemandClosed(demand.id)
    if demand is not None and demand.owner is want.owner and want.version <= demand.version:
        return None
    _check_known(books, want)
    rows = books.reservations.get(demand_id, [])
    lines = [Line(wanted.line_id, wanted.item_id, wanted.wanted, wanted.claimed) for wanted in want.lines]
    if demand is not None:
        # A line that is gone wants nothing; it is kept while units of it are known to have left.
        gone = {row.line_id for row in rows if row.consumed} - {wanted.line_id for wanted in want.lines}
        lines += [replace(line, wanted=0) for line in demand.lines if line.line_id in gone]
    return Goal(
        Demand(demand_id, want.owner, want.version, demand.revision if demand else 0, False, tuple(lines)),
        leaving=tuple(leaving for wanted in want.lines if wanted.fulfilled_at for leaving in newly_left(wanted, rows)),
        ends=want.cancelled,
        refuse_short=want.owner is Owner.API,
    )


def _check_known(books: Books, want: Want) -> None:
    for wanted in want.lines:
        if wanted.item_id not in books.known_items:
            raise ItemNotFound(wanted.item_id)
        for warehouse_id, _ in wanted.fulfilled_at:
            if warehouse_id is not None and warehouse_id not in books.priority:
                raise WarehouseNotFound(warehouse_id)


def _consumed(books: Books, demand: Demand, consume: Consume) -> tuple[Leaving, ...]:
    """The units of each line that left, all of which must be reserved."""
    reserved = {line.line_id: line.reserved for line in books.status(demand).lines}
    consumed = consume.lines or tuple(reserved.items())
    for line_id, units in consumed:
        if units > reserved.get(line_id, 0):
            raise ConsumeExceedsReserved(line_id, reserved.get(line_id, 0))
    lines = {line.line_id: line for line in demand.lines}
    return tuple(Leaving(lines[line_id], None, units) for line_id, units in consumed if units)
