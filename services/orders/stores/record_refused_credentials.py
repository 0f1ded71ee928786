"""A store whose API does not know RAPPIT any more."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.stores import sql
from orders.stores.change_store import lock_store, save_store
from orders.stores.store import StoreState

_UNINSTALLED = "the app was uninstalled in the store; install it there again, then set new API credentials"
REFUSED = "the store's API refused the credentials ({status}); make new ones in the store, then set them here"


async def are_still(tx: Transaction, store_id: UUID, sealed: bytes) -> bool:
    """Whether the store's credentials are these, and nobody has set others meanwhile; locks the store."""
    await lock_store(tx, store_id)
    return (await tx.execute(sql.HAS_CREDENTIALS, (store_id, sealed))).rowcount == 1


async def record_refused_credentials(tx: Transaction, clock: Clock, store_id: UUID, reason: str, cause: str) -> None:
    """Forget void credentials: the store needs new ones. Its webhooks go on; one that is disconnected stays so."""
    store = await lock_store(tx, store_id)
    if store.state is StoreState.DISCONNECTED or (store.state_reason == reason and not store.has_credentials):
        return
    await tx.execute(sql.SET_CREDENTIALS, (None, store.id))
    after = replace(store, state=StoreState.NEEDS_REAUTH, state_reason=reason, has_credentials=False)
    await save_store(tx, clock, after, cause)


async def record_uninstalled(tx: Transaction, clock: Clock, store_id: UUID, time: datetime, cause: str) -> None:
    """Forget the credentials of an app that was uninstalled at a time, unless others were set since."""
    await lock_store(tx, store_id)
    if (await tx.execute(sql.HAS_NEWER_CREDENTIALS, (store_id, time))).rowcount == 0:
        await record_refused_credentials(tx, clock, store_id, _UNINSTALLED, cause)
