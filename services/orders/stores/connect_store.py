"""ConnectStore."""

from dataclasses import dataclass, field, replace

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging import outbox
from chassis.sealing import Sealer
from orders.errors import StoreAlreadyConnected
from orders.stores import events, sql
from orders.stores.change_store import save_store
from orders.stores.store import Provider, Store, StoreState, secret_context


@dataclass(frozen=True)
class NewStore:
    """A store to connect. `shop` may be written in any case."""

    provider: Provider
    name: str
    shop: str
    webhook_secret: str = field(repr=False)


async def connect_store(tx: Transaction, clock: Clock, sealer: Sealer, new: NewStore, cause: str) -> Store:
    """Connect a store: its webhooks are taken from the commit on. A shop that was disconnected goes on as the store
    that it was, with its orders. Raises StoreAlreadyConnected.
    """
    now = clock.now()
    store = Store(clock.new_id(), new.provider, new.name, new.shop.lower(), 1, now, now)
    facts = (store.id, store.provider, store.name, store.shop, _sealed(sealer, store, new), store.version, now, now)
    if (await tx.execute(sql.INSERT, (tx.organization, *facts))).rowcount:
        await tx.execute(sql.INSERT_DIRECTORY, (store.id, tx.organization))
        await outbox.write(tx, [events.store_event(tx, clock, store, cause)])
        return store
    (row,) = await (await tx.execute(sql.LOCK_SHOP, (store.provider, store.shop))).fetchall()
    known = sql.read_store(row)
    if known.state is not StoreState.DISCONNECTED:
        raise StoreAlreadyConnected(known.shop, known.id)
    await tx.execute(sql.SET_SECRET, (_sealed(sealer, known, new), known.id))
    again = replace(known, name=new.name, state=StoreState.CONNECTED, state_reason="", old_webhook_secret_end_time=None)
    return await save_store(tx, clock, again, cause)


def _sealed(sealer: Sealer, store: Store, new: NewStore) -> bytes:
    return sealer.seal(new.webhook_secret.encode(), secret_context(store.id))
