"""What becomes of one wish, given the books under lock. Pure: the books are changed, nothing is written yet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.errors import Refusal
from inventory.errors import DemandNotFound, InsufficientStock, LackingLine, NoWarehouse
from inventory.reservations.allocation import Allocation, Missing, allocate
from inventory.reservations.books import Books, Why
from inventory.reservations.coming_back import come_back
from inventory.reservations.demand import ANYWHERE, Demand, Owner, Reservation, Status
from inventory.reservations.explanation import explain
from inventory.reservations.goal import Goal, goal_of
from inventory.reservations.leaving import leave
from inventory.reservations.wish import Again, Want, Wish
from inventory.stock.level import Kind
from inventory.warehouses.sourcing import Rule

LineOfItem = tuple[str, UUID]
Surplus = list[tuple[Reservation, int]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a demand holds after its wish, and whether the others are told by an event."""

    status: Status
    told: bool


def decide(books: Books, wish: Wish) -> Answer | Refusal:
    """Decide one wish. A refusal leaves the books as they were."""
    try:
        goal = goal_of(books, wish)
        return _stay(books, wish) if goal is None else _reach(books, wish, goal)
    except Refusal as refusal:
        return refusal


def _stay(books: Books, wish: Wish) -> Answer:
    """Answer with what there is. Orders hears it again, for it asks twice only if it has not heard."""
    demand = books.demands.get(wish.demand_id)
    if demand is None:
        raise DemandNotFound(wish.demand_id)
    ask = wish.ask
    asked_again = isinstance(ask, Want) and ask.owner is Owner.ORDERS and ask.version == demand.version
    told = asked_again or (isinstance(ask, Again) and ask.tell)
    return _answer(books, demand, closed=demand.closed, told=told)


def _reach(books: Books, wish: Wish, goal: Goal) -> Answer:
    """Move what is to what is wanted: what came back, what left, then what is given back, then what is missing."""
    demand = goal.demand
    whose = "order" if demand.owner is Owner.ORDERS else "demand"
    why = Why(demand.id, wish.asker.mover, f"{whose} {demand.id} version {demand.version}")
    for back in goal.back:
        come_back(books, why, back)
    for leaving in goal.leaving:
        leave(books, why, leaving)
    rows = books.reservations.get(demand.id, ())
    wanted = _targets(demand, rows, ends=goal.ends)
    targets = _held(wanted, rows, goal.gives_up) if demand.held_off else wanted
    surplus = _surplus(books, rows, targets)
    missing = _missing(rows, surplus, targets)
    allocation = _find(books, demand, rows, surplus, missing, whole=goal.refuse_short)
    if allocation.short and goal.refuse_short:
        raise _refused(books, missing, allocation)

    for row, units in surplus:
        row.released += units
        books.touch(row)
        books.move(Kind.RELEASED, (row.item_id, row.warehouse_id), why, goal.how, reserved=-units)
    _take(books, why, allocation)
    books.wait(demand.id, allocation.waits_for)
    told = goal.tell or bool(allocation.takes)
    return _answer(books, demand, closed=not any(wanted.values()), told=told)


def _answer(books: Books, demand: Demand, *, closed: bool, told: bool) -> Answer:
    if told or closed is not demand.closed:
        revision = demand.revision + told
        demand = replace(demand, revision=revision, closed=closed)
    books.demands[demand.id] = demand
    return Answer(books.status(demand), told)


def _targets(demand: Demand, rows: Sequence[Reservation], *, ends: bool) -> dict[LineOfItem, int]:
    """Units that are to be reserved: what is wanted less what left."""
    consumed: dict[str, int] = {}
    for row in rows:
        consumed[row.line_id] = consumed.get(row.line_id, 0) + row.consumed
    return {
        (line.line_id, line.item_id): 0 if ends else max(0, line.wanted - consumed.get(line.line_id, 0))
        for line in demand.lines
    }


def _held(
    wanted: dict[LineOfItem, int], rows: Sequence[Reservation], gives_up: Collection[UUID]
) -> dict[LineOfItem, int]:
    """No more than what is held, and nothing of what is given up."""
    held: dict[LineOfItem, int] = {}
    for row in rows:
        if row.item_id not in gives_up:
            held[row.line_id, row.item_id] = held.get((row.line_id, row.item_id), 0) + row.rest
    return {line: min(units, held.get(line, 0)) for line, units in wanted.items()}


def _surplus(books: Books, rows: Sequence[Reservation], targets: dict[LineOfItem, int]) -> Surplus:
    """What to give back; what stays is where stock is taken from first."""
    surplus: Surplus = []
    if not rows:
        return surplus
    keep = dict(targets)
    for row in sorted((row for row in rows if row.rest), key=lambda row: books.priority[row.warehouse_id]):
        line = (row.line_id, row.item_id)
        wanted = keep.get(line, 0)
        kept = min(row.rest, wanted)
        keep[line] = wanted - kept
        if kept < row.rest:
            surplus.append((row, row.rest - kept))
    return surplus


def _missing(rows: Sequence[Reservation], surplus: Surplus, targets: dict[LineOfItem, int]) -> list[Missing]:
    lacks = dict(targets)
    for row in rows:
        if (row.line_id, row.item_id) in lacks:
            lacks[row.line_id, row.item_id] -= row.rest
    for row, units in surplus:
        if (row.line_id, row.item_id) in lacks:
            lacks[row.line_id, row.item_id] += units
    return [Missing(line_id, item_id, units) for (line_id, item_id), units in lacks.items() if units > 0]


def _find(
    books: Books, demand: Demand, rows: Sequence[Reservation], surplus: Surplus, missing: list[Missing], *, whole: bool
) -> Allocation:
    """Find the missing units.

    A demand that holds nothing yet is served whole or not at all, unless the policy lets it take a part; one that holds
    something keeps it, and takes each item of which all that is missing is free.
    """
    if not missing:
        return Allocation()
    given_back: dict[tuple[UUID, UUID], int] = {}
    for row, units in surplus:
        place = (row.item_id, row.warehouse_id)
        given_back[place] = given_back.get(place, 0) + units
    shelves, spoken_for = {}, {}
    for item_id in {lack.item_id for lack in missing}:
        shelf = shelves[item_id] = [
            (place, max(0, units - books.spoken_for((item_id, place), demand.id, units)))
            for place, units in books.shelf(item_id, given_back)
        ]
        held_back = books.held_back(item_id)
        free = sum(units for _, units in shelf) - held_back
        spoken_for[item_id] = held_back + books.spoken_for((item_id, ANYWHERE), demand.id, free)
    holds = sum(row.consumed + row.rest for row in rows) - sum(units for _, units in surplus)
    rule = books.sourcing.rule
    whole = whole or not (holds or (books.sourcing.take_partly and rule is not Rule.ONLY_FROM_ONE))
    return allocate(missing, shelves, spoken_for, whole=whole, rule=rule, held_in=_held_in(rows, surplus))


def _held_in(rows: Sequence[Reservation], surplus: Surplus) -> UUID | None:
    """The warehouse where the demand holds all that it keeps; None where it keeps nothing, or has it in several."""
    given_back = {id(row): units for row, units in surplus}
    places = {row.warehouse_id for row in rows if row.rest > given_back.get(id(row), 0)}
    return places.pop() if len(places) == 1 else None


def _take(books: Books, why: Why, allocation: Allocation) -> None:
    """Reserve: more on the line's ACTIVE reservation in that warehouse, or a new one."""
    if not allocation.takes:
        return
    rows = books.reservations.get(why.demand_id, ())
    active = {(row.line_id, row.item_id, row.warehouse_id): row for row in rows if row.rest}
    for take in allocation.takes:
        how = explain(take, books.codes)
        line_id, item_id, warehouse_id, units, *_ = take
        books.move(Kind.RESERVED, (item_id, warehouse_id), why, how, reserved=units)
        row = active.get((line_id, item_id, warehouse_id))
        if row is None:
            books.make(Reservation(None, why.demand_id, line_id, item_id, warehouse_id, quantity=units, why=how))
        else:
            row.quantity += units
            row.why = how
            books.touch(row)


def _refused(books: Books, missing: list[Missing], allocation: Allocation) -> Refusal:
    if not books.open_warehouses:
        return NoWarehouse()
    short = allocation.short
    lacking = [lack for lack in missing if lack.item_id in short]
    return InsufficientStock([LackingLine(*lack, available=short[lack.item_id].free) for lack in lacking])
