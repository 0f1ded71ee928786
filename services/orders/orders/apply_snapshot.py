"""The one way in for what stores say of orders, whatever brought it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.telemetry.logs import get_logger
from orders.mappings.find_items import find_items
from orders.orders import rows
from orders.orders.change import Entry, settle
from orders.orders.difference import begin, merge
from orders.orders.know_customers import Draft, know_customers
from orders.orders.load_orders import lock_orders_of_stores
from orders.orders.save_changes import save_changes
from orders.orders.snapshot import LineKind, Snapshot
from orders.stores.store import Store

log = get_logger()


class Arrival(NamedTuple):
    """A snapshot of one of a store's orders; what brought it, and when that came in."""

    store: Store
    snapshot: Snapshot
    cause: str
    time: datetime

    @property
    def key(self) -> tuple[UUID, str]:
        """Which order it is of."""
        return self.store.id, self.snapshot.external_id


async def apply_snapshot(tx: Transaction, clock: Clock, arrivals: Sequence[Arrival]) -> None:
    """Apply snapshots of one organisation's orders: of each order the greatest, if it is greater than the one known.

    Whatever the order of arrival, and however often each comes, the orders end the same. What was decided here stays.
    The number of statements does not depend on the number of snapshots.
    """
    greatest: dict[tuple[UUID, str], Arrival] = {}
    for arrival in sorted(arrivals, key=lambda arrival: arrival.snapshot.rank):
        greatest[arrival.key] = arrival
    # Locks on SKUs come before locks on orders, here as where an item appears.
    items = await find_items(tx, _skus(greatest.values()))
    known = {
        (order.store_id, order.snapshot.external_id): order for order in await lock_orders_of_stores(tx, list(greatest))
    }
    drafts: list[Draft] = []
    entries: dict[UUID, list[Entry]] = {}
    now = clock.now()
    for key, arrival in greatest.items():
        before = known.get(key)
        if before is None:
            after, happened = begin(arrival.snapshot, arrival.store, items, clock.new_id, now)
        elif before.snapshot.rank < arrival.snapshot.rank:
            after, happened = merge(before, arrival.snapshot, items, clock.new_id)
        else:
            if arrival.snapshot.rank < before.snapshot.rank:
                log.info("older snapshot ignored", order=before.snapshot.name, order_id=before.id)
            continue
        drafts.append(Draft(before, after))
        entries[after.id] = happened
    changes = []
    for before, after in await know_customers(tx, clock, drafts):
        arrival = greatest[after.store_id, after.snapshot.external_id]
        actor = rows.source(after.store_id)
        happened = entries[after.id]
        changes.append(settle(before, after, happened, actor=actor, cause=arrival.cause, now=now, since=arrival.time))
    lost = await save_changes(tx, clock, changes)
    if lost:
        keys = [(change.after.store_id, change.after.snapshot.external_id) for change in lost]
        await apply_snapshot(tx, clock, [greatest[key] for key in keys])


def _skus(arrivals: Iterable[Arrival]) -> set[str]:
    lines = (line for arrival in arrivals for line in arrival.snapshot.lines)
    return {line.sku for line in lines if line.kind is LineKind.STOCKED}
