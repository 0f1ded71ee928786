"""ReleaseHold."""

from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.errors import HoldNotFound
from orders.holds import sql
from orders.orders.change import Entry, settle
from orders.orders.hold import HoldReason
from orders.orders.load_orders import lock_order_as_seen
from orders.orders.order import Order
from orders.orders.save_changes import save_changes
from orders.orders.store_holds import released_here


class Release(NamedTuple):
    """A person's wish to release a hold, and why. `etag`: of the order that was seen; empty for any."""

    order_id: UUID
    hold_id: UUID
    note: str
    etag: str


async def release_hold(tx: Transaction, clock: Clock, release: Release, actor: str, cause: str) -> Order:
    """Take a hold off an order; it stays on the timeline. One of its store stays off while the store says the same.

    Raises OrderNotFound, HoldNotFound, ChangedMeanwhile.
    """
    order = await lock_order_as_seen(tx, release.order_id, release.etag)
    gone = await (await tx.execute(sql.DELETE, (order.id, release.hold_id))).fetchone()
    if gone is None:
        raise HoldNotFound(release.hold_id)
    entry = Entry("HOLD_RELEASED", f"hold released: {gone.reason}", release.note)
    if gone.of_store:
        after = released_here(order, HoldReason(gone.reason))
    else:
        after = replace(order, hold_count=order.hold_count - 1)
    change = settle(order, after, [entry], actor=actor, cause=cause, now=clock.now())
    await save_changes(tx, clock, [change])
    return change.after
