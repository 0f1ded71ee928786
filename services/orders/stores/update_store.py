"""UpdateStore."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.orders.follow_policies import let_orders_follow
from orders.stores.change_store import lock_store, save_store
from orders.stores.store import ReserveWhen, Store


@dataclass(frozen=True)
class StoreUpdate:
    """What is to change of a store: None stays as it is. `etag`: of the store that they saw; empty for any."""

    store_id: UUID
    etag: str = ""
    name: str | None = None
    reserve_when: ReserveWhen | None = None
    unpaid_expiry: timedelta | None = None


async def update_store(tx: Transaction, clock: Clock, update: StoreUpdate, actor: str, cause: str) -> Store:
    """Change a store's name and policy; its unpaid orders follow. Raises StoreNotFound, ChangedMeanwhile."""
    store = await lock_store(tx, update.store_id, update.etag)
    after = replace(
        store,
        name=store.name if update.name is None else update.name,
        reserve_when=update.reserve_when or store.reserve_when,
        unpaid_expiry=store.unpaid_expiry if update.unpaid_expiry is None else update.unpaid_expiry,
    )
    if (after.reserve_when, after.unpaid_expiry) != (store.reserve_when, store.unpaid_expiry):
        await let_orders_follow(tx, store.id, actor)
    return store if after == store else await save_store(tx, clock, after, cause)
