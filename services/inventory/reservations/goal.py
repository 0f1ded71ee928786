"""What a wish is to make of its demand, or why it may not. Pure."""

from dataclasses import dataclass, replace
from uuid import UUID

from inventory.errors import (
    ConsumeExceedsReserved,
    DemandClosed,
    DemandExpired,
    DemandNotFound,
    DemandOwnedByOrders,
    ItemNotFound,
    WarehouseNotFound,
)
from inventory.reservations.books import Books
from inventory.reservations.demand import Demand, Line, Owner
from inventory.reservations.fulfilled import ComingBack, Leaving, fulfilled
from inventory.reservations.wish import Again, Consume, Expire, ForceRelease, Release, Want, Wish


@dataclass(frozen=True, slots=True)
class Goal:
    """The state that a demand is to be moved to: units that came back or left, and the lines that are to be reserved.

    `ends`: nothing more is wanted. `refuse_short`: rather nothing than less than all. `tell`: others hear of it even
    where nothing moved. `how`: why what is given back is. `gives_up`: items that a demand which is held off gives back.
    """

    demand: Demand
    back: tuple[ComingBack, ...] = ()
    leaving: tuple[Leaving, ...] = ()
    ends: bool = False
    refuse_short: bool = False
    tell: bool = True
    how: str = "no longer wanted"
    gives_up: frozenset[UUID] = frozenset()


def goal_of(books: Books, wish: Wish) -> Goal | None:
    """What is to become of the demand; None where it stays as it is. Raises the refusal."""
    demand = books.demands.get(wish.demand_id)
    if isinstance(wish.ask, Want):
        return _wanted(books, demand, wish.demand_id, wish.ask)
    if demand is None:
        raise DemandNotFound(wish.demand_id)
    if isinstance(wish.ask, Again):
        return None if demand.closed else Goal(demand, tell=wish.ask.tell)
    if isinstance(wish.ask, ForceRelease):
        return None if demand.closed else _forced(demand, wish.ask)
    if demand.owner is Owner.ORDERS:
        raise DemandOwnedByOrders(demand.id)
    if isinstance(wish.ask, Release):
        return None if demand.closed else Goal(demand, ends=True)
    over = demand.is_over(books.now)
    if isinstance(wish.ask, Expire):
        ends = over and not demand.closed
        return Goal(replace(demand, expired=True), ends=True, how="its time was up") if ends else None
    _check_alive(books, demand)
    return Goal(demand, leaving=_consumed(books, demand, wish.ask))


def _check_alive(books: Books, demand: Demand) -> None:
    if demand.is_over(books.now):
        raise DemandExpired(demand.id)
    if demand.closed:
        raise DemandClosed(demand.id)


def _forced(demand: Demand, ask: ForceRelease) -> Goal:
    """A caller hears of it by the event and makes another demand; an order is there still, and short."""
    how = f"released by force: {ask.reason}"
    if demand.owner is Owner.API:
        return Goal(demand, ends=True, how=how)
    items = {line.item_id for line in demand.lines}
    gives_up = items & {ask.item_id} if ask.item_id else items
    return Goal(replace(demand, held_off=True), how=how, gives_up=frozenset(gives_up))


def _wanted(books: Books, demand: Demand | None, demand_id: UUID, want: Want) -> Goal | None:
    """The whole wanted state. An order's event takes over a demand that a caller made with the order's id."""
    by_order = want.owner is Owner.ORDERS
    if not by_order and demand is not None:
        if demand.owner is Owner.ORDERS:
            raise DemandOwnedByOrders(demand.id)
        _check_alive(books, demand)
    if demand is not None and demand.owner is want.owner and want.version <= demand.version:
        return None
    _check_known(books, want)
    rows = books.reservations.get(demand_id, [])
    lines = [Line(wanted.line_id, wanted.item_id, wanted.wanted, wanted.claimed) for wanted in want.lines]
    if demand is not None:
        # A line that is gone wants nothing; it is kept while units of it are known to have left.
        gone = {row.line_id for row in rows if row.consumed} - {wanted.line_id for wanted in want.lines}
        lines += [replace(line, wanted=0) for line in demand.lines if line.line_id in gone]
    moved = [fulfilled(wanted, rows) for wanted in want.lines if rows or wanted.fulfilled_at] if by_order else []
    revision = demand.revision if demand else 0
    expire_time = books.now + want.ttl if want.ttl else None
    return Goal(
        Demand(demand_id, want.owner, want.version, revision, False, tuple(lines), expire_time),
        back=tuple(each for line in moved for each in line.back),
        leaving=tuple(each for line in moved for each in line.leaving),
        ends=want.cancelled,
        refuse_short=not by_order,
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
