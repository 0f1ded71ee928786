"""Units that left the shelf. A fact: it is never refused, the books follow. Pure."""

from uuid import UUID

from inventory.reservations.books import Books, Place, ShippedUnreserved, Why
from inventory.reservations.demand import Reservation
from inventory.reservations.fulfilled import Leaving, fulfilled
from inventory.reservations.taking_back import Held, take_units
from inventory.reservations.wish import WantedLine
from inventory.stock.level import Kind


def promised(books: Books, demand_id: UUID, leaving: Leaving) -> list[Reservation]:
    """The line's reservations that the units leave from, in the order in which stock is taken."""
    rows = [
        row
        for row in books.reservations.get(demand_id, ())
        if row.line_id == leaving.line.line_id and row.rest and leaving.warehouse_id in (None, row.warehouse_id)
    ]
    return sorted(rows, key=lambda row: books.priority[row.warehouse_id])


def leave(books: Books, why: Why, leaving: Leaving) -> None:
    """Take the units off the shelf: from the line's reservations, and what they lack from the shelf all the same."""
    rest = leaving.units
    for row in promised(books, why.demand_id, leaving):
        units = min(rest, row.rest)
        if units:
            row.consumed += units
            books.touch(row)
            place = (row.item_id, row.warehouse_id)
            books.move(Kind.CONSUMED, place, why, "left", on_hand=-units, reserved=-units)
            rest -= units
    if rest:
        _leave_unreserved(books, why, leaving._replace(units=rest))


def _leave_unreserved(books: Books, why: Why, leaving: Leaving) -> None:
    line, _, units = leaving
    place = (line.item_id, leaving.warehouse_id or _likely_warehouse(books, line.item_id, units))
    balance = books.levels[place]
    taken_back = _take_back(books, why, place, units - balance.available)
    found = max(0, units - balance.available)
    if found:
        books.move(Kind.FOUND, place, why, "left, and the books had fewer", on_hand=found)
    books.move(Kind.SHIPPED_UNRESERVED, place, why, "left without being reserved there", on_hand=-units)
    # The row that remembers what left; it never promised anything.
    books.make(Reservation(None, why.demand_id, line.line_id, *place, quantity=units, consumed=units))
    books.alarms.append(ShippedUnreserved(why.demand_id, line.line_id, *place, units, found, taken_back))


def _likely_warehouse(books: Books, item_id: UUID, units: int) -> UUID:
    """The first open warehouse with so many available, else the first; closed ones only where none is open."""
    shelf = books.shelf(item_id)
    return next((warehouse_id for warehouse_id, there in shelf if there >= units), books.served_from(item_id)[0])


def _take_back(books: Books, why: Why, place: Place, units: int) -> int:
    """Take up to so many promised units back: those that nobody works on first, from the youngest first.

    The other demands that lost units are noticed: tried again or told SHORT later, each under its own lock.
    """
    saved = [row for rows in books.reservations.values() for row in rows if row.id is not None]
    saved += books.others.get(place, [])
    youngest_first = [*reversed(books.made), *sorted(saved, key=lambda row: row.id or 0, reverse=True)]
    held = [Held(row, books.claimed_of(row)) for row in youngest_first if (row.item_id, row.warehouse_id) == place]
    taken = take_units(held, units)
    for row, back in taken:
        books.touch(row)
        theirs = why._replace(demand_id=row.demand_id)
        books.move(Kind.RELEASED, place, theirs, "taken back, for more left than was reserved", reserved=-back)
        if row.demand_id != why.demand_id:
            books.noticed.add(row.demand_id)
    return sum(back for _, back in taken)


def may_leave_unreserved(books: Books, demand_id: UUID, wanted: WantedLine) -> bool:
    """Whether more units of the line left than it has reserved there."""
    rows = books.reservations.get(demand_id, [])
    return any(
        leaving.units > sum(row.rest for row in promised(books, demand_id, leaving))
        for leaving in fulfilled(wanted, rows).leaving
    )
