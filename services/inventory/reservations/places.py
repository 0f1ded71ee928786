"""What a batch has to lock before it may decide. Pure."""

from collections.abc import Iterable, Mapping, Sequence
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


def places_to_lock(
    wishes: Iterable[Wish],
    demands: Mapping[UUID, Demand],
    reservations: Mapping[UUID, Sequence[Reservation]],
    warehouses: Sequence[Warehouse],
) -> list[tuple[UUID, UUID]]:
    """(item, warehouse) of every level that a decision may look at or move.

    Each item that is or was wanted, in every open warehouse (in all, where none is open: those who find nothing wait
    under a lock too); wherever the demand holds units; wherever units are said to have left.
    """
    known = {warehouse.id for warehouse in warehouses}
    served_from = [warehouse.id for warehouse in warehouses if warehouse.open] or list(known)
    places: set[tuple[UUID, UUID]] = set()
    items: set[UUID] = set()
    for wish in wishes:
        demand = demands.get(wish.demand_id)
        if demand is not None:
            items.update(line.item_id for line in demand.lines)
        if isinstance(wish.ask, Want):
            for line in wish.ask.lines:
                items.add(line.item_id)
                places.update((line.item_id, warehouse) for warehouse, _ in line.fulfilled_at if warehouse in known)
    for rows in reservations.values():
        places.update((row.item_id, row.warehouse_id) for row in rows if row.rest)
    places.update((item_id, warehouse_id) for item_id in items for warehouse_id in served_from)
    return list(places)
