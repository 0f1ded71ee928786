"""Write what a batch decided, one statement for each kind of change."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.reservations import sql
from inventory.reservations.books import NEWCOMER, Books
from inventory.reservations.waiting import sql as waiting
from inventory.stock.ledger import post


async def save_books(tx: Transaction, clock: Clock, books: Books) -> None:
    """Levels and ledger, reservations, demands, the queue of those who wait, and word to the worker."""
    await post(tx, clock, books.movements)
    # First what ended: a line has at most one ACTIVE reservation in a warehouse, at each instant.
    if books.moved:
        await sql.update_reservations(tx, books.moved.values())
    if books.made:
        await sql.insert_reservations(tx, books.made)
    await _save_demands(tx, clock, books)
    await _save_waiting(tx, books)
    may_wake = books.may_wake()
    if may_wake:
        await waiting.insert_wakes(tx, may_wake)
    if books.noticed:
        await waiting.insert_notices(tx, books.noticed)


async def _save_demands(tx: Transaction, clock: Clock, books: Books) -> None:
    refused = [demand_id for demand_id in books.stored if demand_id not in books.demands]
    if refused:
        await sql.delete_demands(tx, refused)
    changed = [demand for demand in books.demands.values() if books.stored.get(demand.id) != demand]
    if changed:
        await sql.update_demands(tx, changed, clock.now())


async def _save_waiting(tx: Transaction, books: Books) -> None:
    """Those who begin to wait get places at the end of the queue, in the order in which they were decided."""
    if not books.waiting_changed:
        return
    now = {(place, demand_id): books.waiting[place].get(demand_id) for place, demand_id in books.waiting_changed}
    gone = [(*place, demand_id) for (place, demand_id), row in now.items() if row is None]
    if gone:
        await waiting.delete_waiting(tx, gone)
    rows = [(*place, demand_id, *row) for (place, demand_id), row in now.items() if row is not None]
    newcomers = sorted({position for *_, position, _ in rows if position >= NEWCOMER})
    if newcomers:
        positions = dict(zip(newcomers, await waiting.next_positions(tx, len(newcomers)), strict=True))
        rows = [
            (item_id, warehouse_id, demand_id, positions.get(position, position), units)
            for item_id, warehouse_id, demand_id, position, units in rows
        ]
    if rows:
        await waiting.set_waiting(tx, rows)
