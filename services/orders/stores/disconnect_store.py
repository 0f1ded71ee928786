"""DisconnectStore."""

from dataclasses import replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.stores import sql
from orders.stores.change_store import lock_store, save_store
from orders.stores.store import ASK_FOR_PEOPLE, PRIVACY_TERM, Store, StoreState

_REASON = "disconnected here; connect the shop again to go on with the same store and its orders"


async def disconnect_store(tx: Transaction, clock: Clock, store_id: UUID, cause: str) -> Store:
    """Take no more webhooks of a store and forget its credentials; its orders stay, and what was accepted before is
    applied. A disconnected store stays as it is. Raises StoreNotFound.

    The law outlives the connection: the secret signs what the store asks for people a while longer, and nothing else.
    """
    store = await lock_store(tx, store_id)
    if store.state is StoreState.DISCONNECTED:
        return store
    end_time = clock.now() + PRIVACY_TERM if store.provider in ASK_FOR_PEOPLE else None
    await tx.execute(sql.END_SECRET if end_time else sql.FORGET_SECRETS, {"end_time": end_time, "store": store.id})
    await tx.execute(sql.SET_CREDENTIALS, (None, store.id))
    after = replace(
        store,
        state=StoreState.DISCONNECTED,
        state_reason=_REASON,
        has_credentials=False,
        old_webhook_secret_end_time=end_time,
    )
    return await save_store(tx, clock, after, cause)
