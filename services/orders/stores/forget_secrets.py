"""Secrets that sign no more are not kept."""

from dataclasses import replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.telemetry.logs import get_logger
from orders.stores import sql
from orders.stores.change_store import lock_store, save_store
from orders.stores.store import Store, StoreState

log = get_logger()

CAUSE = "forget_old_secrets"
_AT_ONCE = 1_000


async def forget_old_secrets(database: Database, clock: Clock, lease: Lease) -> None:
    """The job that forgets secrets whose time is up: those that were rotated, and those of disconnected stores. What
    fails for one store keeps no other from its turn.
    """
    async with database.finder() as finder:
        found = await (await finder.execute(sql.OLD_SECRETS, (_AT_ONCE,))).fetchall()
    for row in found:
        try:
            async with database.transaction(row.organization_id) as tx:
                await lease.hold(tx)
                await _forget_old(tx, clock, row.id)
        except LeaseLost:
            raise
        except Exception:
            log.exception("old secret not forgotten", organization_id=str(row.organization_id), store_id=str(row.id))


async def _forget_old(tx: Transaction, clock: Clock, store_id: UUID) -> None:
    store = await lock_store(tx, store_id)
    # Another rotation may have set a later end meanwhile.
    if store.old_webhook_secret_end_time and store.old_webhook_secret_end_time <= clock.now():
        await _forget(tx, clock, store, CAUSE)


async def forget_disconnected_secret(tx: Transaction, clock: Clock, store_id: UUID, cause: str) -> None:
    """All people of the store are erased: one that is disconnected has nothing more to ask."""
    store = await lock_store(tx, store_id)
    if store.state is StoreState.DISCONNECTED and store.old_webhook_secret_end_time:
        await _forget(tx, clock, store, cause)


async def _forget(tx: Transaction, clock: Clock, store: Store, cause: str) -> None:
    await tx.execute(sql.FORGET_OLD_SECRET, (store.id,))
    await save_store(tx, clock, replace(store, old_webhook_secret_end_time=None), cause)
