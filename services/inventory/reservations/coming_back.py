"""Units that are on the shelf again, because the fulfilment that they left with was cancelled. Pure."""

from inventory.reservations.books import Books, Why
from inventory.reservations.demand import Reservation
from inventory.reservations.fulfilled import ComingBack
from inventory.stock.level import Kind

_HOW = "its fulfilment was cancelled"


def come_back(books: Books, why: Why, back: ComingBack) -> None:
    """Put the units where they left from, promised to their line again: what it no longer wants is given back after."""
    row, units = back
    line, place = (row.line_id, row.item_id, row.warehouse_id), (row.item_id, row.warehouse_id)
    rows = books.reservations[why.demand_id]
    active = next(
        (each for each in rows if each.rest and (each.line_id, each.item_id, each.warehouse_id) == line), None
    )
    # A reservation ends once: what comes back to one that ended is promised by another.
    row.consumed -= units
    row.released += units
    books.touch(row)
    books.move(Kind.FULFILLMENT_CANCELLED, place, why, _HOW, on_hand=units, reserved=units)
    if active is None:
        books.make(Reservation(None, why.demand_id, *line, quantity=units, why=f"came back: {_HOW}"))
    else:
        active.quantity += units
        books.touch(active)
