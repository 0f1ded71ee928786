"""Lock what a batch decides about, in the one order that everything follows, and read it after that."""

from collections.abc import Sequence

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from inventory.reservations import sql
from inventory.reservations.books import Books, Waiting
from inventory.reservations.leaving import may_leave_unreserved
from inventory.reservations.places import expiring, first_state, items_to_lock, places_to_lock
from inventory.reservations.waiting.sql import select_waiting
from inventory.reservations.wish import Want, Wish
from inventory.stock.lock_levels import lock_levels
from inventory.warehouses.known_organization import OrganizationNotKnown
from inventory.warehouses.sql import share_warehouses


async def lock_books(tx: Transaction, clock: Clock, wishes: Sequence[Wish]) -> Books:
    """Demands, then warehouses (shared: none is opened or closed meanwhile), then levels; all until the commit.

    Raises OrganizationNotKnown.
    """
    new = first_state(wishes)
    ttls = {wish.demand_id: wish.ask.ttl for wish in reversed(wishes) if isinstance(wish.ask, Want) and wish.ask.ttl}
    made = await sql.insert_demands(tx, new, ttls, clock.now()) if new else set()
    known = {wish.demand_id for wish in wishes} - made
    demands = await sql.lock_demands(tx, known) if known else {}
    # Which levels: read before they are locked, and therefore read again.
    reservations = await sql.select_reservations(tx, demands) if demands else {}
    items = items_to_lock(wishes, demands, reservations)
    shared = await share_warehouses(tx, items)
    if shared is None:
        raise OrganizationNotKnown
    places = places_to_lock(wishes, items, reservations, shared.warehouses)
    await lock_levels(tx, places, shared.missing & places)
    # Only what is read from here on decides.
    shelves = await sql.select_shelves(tx, places)
    if demands:
        reservations = await sql.select_reservations(tx, demands)
    books = Books(
        warehouses=shared.warehouses,
        sourcing=shared.sourcing,
        now=shared.now,
        levels=shelves.levels,
        held_back_at=shelves.held_back_at,
        safety_stock=shelves.safety_stock,
        demands=demands,
        stored={demand.id: expiring(demand, ttls, shared.now) for demand in new if demand.id in made} | demands,
        reservations=reservations,
    )
    if demands or shelves.waited_for:
        await _read_waiting(tx, books)
    await _read_others(tx, books, wishes)
    return books


async def _read_waiting(tx: Transaction, books: Books) -> None:
    """Those of the batch, and the others who come before newcomers for what is free or may become so in the batch."""
    most = {item_id: books.available(item_id) for item_id in books.known_items}
    for rows in books.reservations.values():
        for row in rows:
            # What left of them may come back in the batch.
            if row.rest or row.consumed:
                most[row.item_id] += row.rest + row.consumed
    for item_id, warehouse_id, demand_id, position, units in await select_waiting(tx, books.demands, most):
        books.waiting.setdefault((item_id, warehouse_id), {})[demand_id] = Waiting(position, units)


async def _read_others(tx: Transaction, books: Books, wishes: Sequence[Wish]) -> None:
    """The reservations from which units may have to be taken back, because more left than was reserved."""
    wants = [(wish.demand_id, wish.ask) for wish in wishes if isinstance(wish.ask, Want)]
    fulfilled = [(demand_id, line) for demand_id, want in wants for line in want.lines if line.fulfilled_at]
    demands = [demand_id for demand_id, _ in wants]
    if not any(
        line.item_id in books.known_items
        and (demands.count(demand_id) > 1 or may_leave_unreserved(books, demand_id, line))
        for demand_id, line in fulfilled
    ):
        return
    items = {line.item_id for _, line in fulfilled}
    places = [place for place in books.levels if place[0] in items]
    for row, claimed in await sql.select_active_at(tx, places, without=list(books.stored)):
        books.others.setdefault((row.item_id, row.warehouse_id), []).append(row)
        books.claimed[row.demand_id, row.line_id] = claimed
