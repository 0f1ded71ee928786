"""DisconnectStore."""

from dataclasses import replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.stores import sql
from orders.stores.change_store import lock_store, save_store
from orders.stores.store import Store, StoreState

_REASON = "disconnected here; connect the shop again to go on with the same store and its orders"
# Opens as nothing and signs nothing: whoever resolves a store without secrets refuses all of its webhooks.
_NO_SECRET = b""


async def disconnect_store(tx: Transaction, clock: Clock, store_id: UUID, cause: str) -> Store:
    """Take no more webhooks of a store and forget its secrets and credentials; its orders stay, and what was accepted
    before is applied. A disconnected store stays as it is. Raises StoreNotFound.
    """
    store = await lock_store(tx, store_id)
    if store.state is StoreState.DISCONNECTED:
        return store
    await tx.execute(sql.SET_SECRET, (_NO_SECRET, store.id))
    await tx.execute(sql.SET_CREDENTIALS, (None, store.id))
    after = replace(
        store,
        state=StoreState.DISCONNECTED,
        state_reason=_REASON,
        has_credentials=False,
        old_webhook_secret_end_time=None,
    )
    return await save_store(tx, clock, after, cause)
