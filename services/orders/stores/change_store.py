"""What every change of a store does: lock its row, write it with a new version, tell others to forget the old one."""

from dataclasses import replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.errors import ChangedMeanwhile
from chassis.messaging import outbox
from orders.errors import StoreNotFound
from orders.stores import events, sql
from orders.stores.store import Store


async def lock_store(tx: Transaction, store_id: UUID, etag: str = "") -> Store:
    """A store, locked until the transaction ends. Raises StoreNotFound, and ChangedMeanwhile for another etag."""
    row = await (await tx.execute(sql.LOCK, (store_id,))).fetchone()
    if row is None:
        raise StoreNotFound(store_id)
    store = sql.read_store(row)
    if etag and etag != str(store.version):
        raise ChangedMeanwhile(str(store.version))
    return store


async def save_store(tx: Transaction, clock: Clock, store: Store, cause: str) -> Store:
    """Write a locked store as it is to be, and tell of it. What is sealed is written apart."""
    after = replace(store, version=store.version + 1, update_time=clock.now())
    changing = (after.name, after.version, after.update_time, after.state, after.state_reason, after.reserve_when)
    await tx.execute(sql.UPDATE, (*changing, after.unpaid_expiry, after.api_address, after.id))
    await outbox.write(tx, [events.store_event(tx, clock, after, cause)])
    return after
