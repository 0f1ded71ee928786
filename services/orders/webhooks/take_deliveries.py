"""The one way in for what stores say, however it came: orders, hints, and what is about the store itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.orders.apply_risks import Risk, apply_risks
from orders.orders.apply_snapshot import Arrival, apply_snapshot
from orders.orders.load_orders import load_order
from orders.orders.order import source
from orders.orders.snapshot import Snapshot
from orders.privacy.erasures import Erasure
from orders.privacy.record_privacy_request import record_privacy_request
from orders.providers.read_delivery import FETCHED
from orders.providers.reading import Deleted, Hint, PrivacyRequest, RiskAssessed, Uninstalled
from orders.stores.record_refused_credentials import record_uninstalled
from orders.webhooks import sql
from orders.webhooks.delivery import Delivery, OrderKey, as_deleted, at_one_time, disagree
from orders.webhooks.record_deliveries import record_deliveries
from orders.webhooks.record_risks import record_risks
from orders.webhooks.request_refetches import request_refetches


class _Known(NamedTuple):
    """What is known of an order: when the store deleted it, and which order it is, with its snapshot's time.

    erased: its person was. erased_until: when the store had all of its persons erased. high_risk: of fraud.
    """

    delete_time: datetime | None
    order_id: UUID | None
    snapshot_time: datetime | None
    erased: bool
    erased_until: datetime | None
    high_risk: bool

    def kept(self, delivery: Delivery) -> Snapshot | None:
        """The delivery's snapshot, as far as it may be kept."""
        erasure = Erasure(self.erased, self.erased_until)
        return erasure.kept(delivery.snapshot, delivery.time) if delivery.snapshot else None

    def applied(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot as it counts: of an order that is deleted, if that is later."""
        gone = self.delete_time is not None and snapshot.rank.time <= self.delete_time
        return as_deleted(snapshot, self.delete_time) if self.delete_time and gone else snapshot


class _Said(NamedTuple):
    """A delivery with the snapshot that it brings; again: that was known of the order already."""

    delivery: Delivery
    snapshot: Snapshot
    again: bool = False


async def take_deliveries(tx: Transaction, clock: Clock, deliveries: Sequence[Delivery]) -> None:
    """Apply deliveries of one organisation; the number of statements does not depend on the number of snapshots."""
    await record_deliveries(tx, deliveries)
    about_orders = [
        each for each in deliveries if each.snapshot or isinstance(each.reading, Deleted | Hint | RiskAssessed)
    ]
    if about_orders:
        await _take_orders(tx, clock, about_orders)
    for each in deliveries:
        if isinstance(each.reading, Uninstalled):
            await record_uninstalled(tx, clock, each.store.id, each.said_time, str(each.event_id))
        elif isinstance(each.reading, PrivacyRequest):
            await record_privacy_request(tx, each, each.reading)


async def _take_orders(tx: Transaction, clock: Clock, deliveries: Sequence[Delivery]) -> None:
    deletions = [each for each in deliveries if isinstance(each.reading, Deleted)]
    if deletions:
        latest = {each.key: each.time for each in sorted(deletions, key=lambda each: each.time)}
        columns = zip(*((*key, time) for key, time in sorted(latest.items())), strict=True)
        await tx.execute(sql.RECORD_DELETED, (tx.organization, *(list(column) for column in columns)))
    await record_risks(tx, deliveries)
    known = await _known(tx, {each.key for each in deliveries})
    said = [_Said(each, kept) for each in deliveries if (kept := known[each.key].kept(each))]
    hints = [each for each in deliveries if isinstance(each.reading, Hint)]
    await request_refetches(tx, [*hints, *await _disagreeing(tx, said, known)])
    said += [deleted for each in deletions if (deleted := await _now_deleted(tx, each, known[each.key]))]
    assessed = [each for each in deliveries if isinstance(each.reading, RiskAssessed)]
    await apply_snapshot(
        tx,
        clock,
        [
            Arrival(
                each.store,
                known[each.key].applied(snapshot),
                str(each.event_id),
                each.time,
                high_risk=known[each.key].high_risk,
                again=again,
            )
            for each, snapshot, again in said
        ],
        with_them=[(source(each.store.id), each.external_id) for each in assessed],
    )
    risks = {
        order_id: Risk(known[each.key].high_risk, str(each.event_id))
        for each in assessed
        if (order_id := known[each.key].order_id)
    }
    await apply_risks(tx, clock, risks)


async def _known(tx: Transaction, keys: Iterable[OrderKey]) -> dict[OrderKey, _Known]:
    store_ids, external_ids = zip(*sorted(keys), strict=True)
    found = await (await tx.execute(sql.KNOWN, (list(store_ids), list(external_ids)))).fetchall()
    return {OrderKey(row.store_id, row.external_id): _Known(*row[2:]) for row in found}


async def _now_deleted(tx: Transaction, deletion: Delivery, known: _Known) -> _Said | None:
    """The order that is known, to be applied once more as what it is now.

    Only its own lane changes its snapshot, but for its people: whoever erases them does so at any time.
    """
    if known.order_id is None or known.snapshot_time == known.delete_time:
        return None
    return _Said(deletion, (await load_order(tx, known.order_id)).snapshot, again=True)


async def _disagreeing(tx: Transaction, said: Sequence[_Said], known: Mapping[OrderKey, _Known]) -> list[Delivery]:
    """Deliveries that another of the same time contradicts, be it in this batch or before it."""
    delivered = [each for each in said if each.delivery.topic != FETCHED]
    found = [
        other.delivery
        for one, other in pairwise(sorted(delivered, key=lambda each: (each.delivery.key, each.snapshot.rank)))
        if one.delivery.key == other.delivery.key and disagree(one.snapshot, other.snapshot)
    ]
    for delivery, snapshot, _ in delivered:
        was = known[delivery.key]
        if was.order_id and was.snapshot_time and at_one_time(was.snapshot_time, snapshot.rank.time):
            order = await load_order(tx, was.order_id)
            found += [delivery] if disagree(order.snapshot, snapshot) else []
    return found
