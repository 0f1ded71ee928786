"""The one way in for what stores say of orders, whatever brought it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.telemetry.logs import get_logger
from orders.mappings.find_items import find_items
from orders.orders.change import Change, Entry, settle
from orders.orders.difference import Entered, begin, merge, takes_cancel_back
from orders.orders.know_customers import Draft, know_customers
from orders.orders.load_orders import lock_orders_by_key
from orders.orders.order import Order, source
from orders.orders.payment import under_policy
from orders.orders.save_changes import save_changes
from orders.orders.snapshot import LineKind, Snapshot
from orders.privacy.erasures import Erasure, erasures
from orders.privacy.privacy_request import with_person_of
from orders.stores.store import Store

log = get_logger()


class Arrival(NamedTuple):
    """A snapshot of an order: of a store's, or of one that is entered here. What brought it, and when that came in.

    high_risk: whether the store said so, apart from the snapshot. again: the snapshot is what was known of the order
    before it was locked; who its people are is said by the order alone.
    """

    store: Store | None
    snapshot: Snapshot
    cause: str
    time: datetime
    entered: Entered | None = None
    high_risk: bool = False
    again: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Which order it is of."""
        return source(self.store.id if self.store else None), self.snapshot.external_id


async def apply_snapshot(
    tx: Transaction, clock: Clock, arrivals: Sequence[Arrival], *, with_them: Collection[tuple[str, str]] = ()
) -> list[Change]:
    """Apply snapshots of one organisation's orders: of each order the greatest, if it is greater than the one known.

    Whatever the order of arrival, and however often each comes, the orders end the same. What was decided here stays.
    with_them: (source, external id) of orders that the transaction changes next: who locks several orders locks them in
    one statement.

    Returns what was changed. The number of statements does not depend on the number of snapshots.
    """
    greatest: dict[tuple[str, str], Arrival] = {}
    for arrival in sorted(arrivals, key=lambda arrival: arrival.snapshot.rank):
        greatest[arrival.key] = arrival
    # Locks on SKUs come before locks on orders, here as where an item appears.
    skus = _skus(greatest.values())
    items = await find_items(tx, skus)
    known = {order.key: order for order in await lock_orders_by_key(tx, list({*greatest, *with_them}))}
    chosen = _skus_anew(known, greatest)
    if chosen:
        # Under the orders' locks, for what was chosen here stands there: the one time that a SKU's lock may come last.
        items = await find_items(tx, skus | chosen)
    outdated = [
        known[key] for key in greatest if key in known and known[key].snapshot.rank < greatest[key].snapshot.rank
    ]
    erased = await erasures(tx, outdated)
    drafts: list[Draft] = []
    entries: dict[UUID, list[Entry]] = {}
    now = clock.now()
    for key, arrival in greatest.items():
        before = known.get(key)
        if before is None:
            after, happened = begin(arrival.snapshot, arrival.store or arrival.entered, items, clock.new_id, now)
        elif before.snapshot.rank < arrival.snapshot.rank:
            kept = erased.get(key, Erasure()).kept(arrival.snapshot, arrival.time)
            said = with_person_of(before.snapshot, kept) if arrival.again else kept
            after, happened = merge(before, said, items, clock.new_id)
        else:
            if arrival.snapshot.rank < before.snapshot.rank:
                log.info("older snapshot ignored", order=before.snapshot.name, order_id=before.id)
            continue
        drafts.append(Draft(before, after))
        entries[after.id] = happened
    changes = []
    for before, draft in await know_customers(tx, clock, drafts):
        arrival = greatest[draft.key]
        after = under_policy(replace(draft, high_risk=arrival.high_risk), arrival.store, now)
        happened = entries[after.id]
        actor = arrival.entered.actor if arrival.entered else after.source
        changes.append(settle(before, after, happened, actor=actor, cause=arrival.cause, now=now, since=arrival.time))
    lost = await save_changes(tx, clock, changes)
    if not lost:
        return changes
    merged = await apply_snapshot(tx, clock, [greatest[change.after.key] for change in lost])
    not_written = {change.after.id for change in lost}
    return [change for change in changes if change.after.id not in not_written] + merged


def _skus(arrivals: Iterable[Arrival]) -> set[str]:
    lines = (line for arrival in arrivals for line in arrival.snapshot.lines)
    return {line.sku for line in lines if line.kind is LineKind.STOCKED}


def _skus_anew(known: Mapping[tuple[str, str], Order], arrivals: Mapping[tuple[str, str], Arrival]) -> set[str]:
    """SKUs of orders whose store takes its cancel back: `merge` looks at them anew."""
    back = [
        order
        for key, arrival in arrivals.items()
        if (order := known.get(key))
        and order.snapshot.rank < arrival.snapshot.rank
        and takes_cancel_back(order, arrival.snapshot)
    ]
    return {line.sku for order in back for line in order.lines}
