"""RotateStoreSecret."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.errors import InvalidRequest, Violation
from chassis.sealing import Sealer
from orders.errors import StoreDisconnected
from orders.stores import sql
from orders.stores.change_store import lock_store, save_store
from orders.stores.store import Store, StoreState, secret_context

DEFAULT_OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=30)


@dataclass(frozen=True)
class Rotation:
    """A store's next secret, and until when the present one signs as well; None is for 24 hours."""

    store_id: UUID
    webhook_secret: str = field(repr=False)
    old_secret_end_time: datetime | None = None


async def rotate_store_secret(tx: Transaction, clock: Clock, sealer: Sealer, rotation: Rotation, cause: str) -> Store:
    """Give a store its next secret; the one before the present one ends at once. Raises StoreNotFound,
    StoreDisconnected, and InvalidRequest for an overlap of more than 30 days.
    """
    store = await lock_store(tx, rotation.store_id)
    if store.state is StoreState.DISCONNECTED:
        raise StoreDisconnected(store.id)
    now = clock.now()
    end_time = rotation.old_secret_end_time or now + DEFAULT_OVERLAP
    if end_time > now + LONGEST_OVERLAP:
        raise InvalidRequest(violations=[Violation("old_secret_end_time", "is more than 30 days ahead")])
    sealed = sealer.seal(rotation.webhook_secret.encode(), secret_context(store.id))
    await tx.execute(sql.ROTATE_SECRET, (end_time, sealed, store.id))
    return await save_store(tx, clock, replace(store, old_webhook_secret_end_time=end_time), cause)
