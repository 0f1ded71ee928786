"""Tells again of what this service has, as it is, for receivers that missed or lost what was told."""

from collections.abc import Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.messaging import outbox
from orders.orders import events as order_events
from orders.orders.load_orders import list_order_ids, lock_orders
from orders.stores import events as store_events
from orders.stores.list_stores import list_stores

CAUSE = "republish"
AT_ONCE = 500
_FIRST = UUID(int=0)


async def republish(database: Database, clock: Clock, organization: UUID, only: UUID | None = None) -> int:
    """Write the organisation's orders and stores (or the one with this id) to the outbox once more, in their present
    versions. Returns how many that were.
    """
    told, after = 0, _FIRST
    while True:
        async with database.transaction(organization) as tx:
            ids = [only] if only else await list_order_ids(tx, after, AT_ONCE)
            if after == _FIRST:
                told += await _stores(tx, clock, only)
            told += await _orders(tx, clock, ids)
        if only or len(ids) < AT_ONCE:
            return told
        after = ids[-1]


async def _orders(tx: Transaction, clock: Clock, ids: Sequence[UUID]) -> int:
    # Locked, so that versions stand in the outbox in their order.
    orders = await lock_orders(tx, ids)
    await outbox.write(tx, [order_events.order_event(tx, clock, order, CAUSE) for order in orders])
    return len(orders)


async def _stores(tx: Transaction, clock: Clock, only: UUID | None) -> int:
    told, after = 0, None
    while stores := await list_stores(tx, after, AT_ONCE):
        wanted = [store for store in stores if only in {None, store.id}]
        await outbox.write(tx, [store_events.store_event(tx, clock, store, CAUSE) for store in wanted])
        told, after = told + len(wanted), stores[-1].id
    return told
