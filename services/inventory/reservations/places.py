"""What a batch has to lock before it may decide. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from inventory.reservations.demand import Demand, Line, Reservation
from inventory.reservations.wish import Want, Wish
from inventory.warehouses.warehouse import Warehouse


def first_state(wishes: Iterable[Wish]) -> list[Demand]:
    """The demands that these wishes would make, as they will be if all goes well: what is different is mended later."""
    made: dict[UUID, Demand] = {}
    for wish in wishes:
        want = wish.ask
        if isinstance(want, Want) and wish.demand_id not in made:
            lines = tuple(Line(wanted.line_id, wanted.item_id, wanted.wanted, wanted.claimed) for wanted in want.lines)
            open_units = (line.wanted - sum(units for _, units in line.fulfilled_at) for line in want.lines)
            closed = want.cancelled or all(units <= 0 for units in open_units)
            made[wish.demand_id] = Demand(wish.demand_id, want.owner, want.version, 1, closed, lines)
    return list(made.values())


def expiring(demand: Demand, ttls: Mapping[UUID, timedelta], now: datetime) -> Demand:
    """A demand as it was just made: the database counts its time to live from the same `now`."""
    return replace(demand, expire_time=now + ttls[demand.id]) if demand.id in ttls else demand


def items_to_lock(
    wishes: Iterable[Wish], demands: Mapping[UUID, Demand], reservations: Mapping[UUID, Sequence[Reservation]]
) -> set[UUID]:
    """Each item that is or was wanted."""
    items = {line.item_id for demand in demands.values() for line in demand.lines}
    items.update(row.item_id for rows in reservations.values() for row in rows)
    items.update(line.item_id for wish in wishes if isinstance(wish.ask, Want) for line in wish.ask.lines)
    return items


def places_to_lock(
    wishes: Iterable[Wish],
    items: Iterable[UUID],
    reservations: Mapping[UUID, Sequence[Reservation]],
    warehouses: Sequence[Warehouse],
) -> set[tuple[UUID, UUID]]:
    """(item, warehouse) of every level that a decision may look at or move.

    The items in every open warehouse (in all, where none is open: those who find nothing wait under a lock too);
    wherever the demands hold units, or units of them left and may come back; wherever units are said to have left.
    """
    known = {warehouse.id for warehouse in warehouses}
    served_from = [warehouse.id for warehouse in warehouses if warehouse.open] or list(known)
    places = {(item_id, warehouse_id) for item_id in items for warehouse_id in served_from}
    for rows in reservations.values():
        places.update((row.item_id, row.warehouse_id) for row in rows if row.rest or row.consumed)
    for wish in wishes:
        if isinstance(wish.ask, Want):
            for line in wish.ask.lines:
                places.update((line.item_id, warehouse) for warehouse, _ in line.fulfilled_at if warehouse in known)
    return places
