"""ConnectStore."""

from dataclasses import dataclass, field

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging import outbox
from chassis.sealing import Sealer
from orders.errors import StoreAlreadyConnected
from orders.stores import events, sql
from orders.stores.store import Provider, Store, secret_context


@dataclass(frozen=True)
class NewStore:
    """A store to connect. `shop` may be written in any case."""

    provider: Provider
    name: str
    shop: str
    webhook_secret: str = field(repr=False)


async def connect_store(tx: Transaction, clock: Clock, sealer: Sealer, new: NewStore, cause: str) -> Store:
    """Connect a store: its webhooks are taken from the commit on. Raises StoreAlreadyConnected."""
    store = Store(clock.new_id(), new.provider, new.name, new.shop.lower(), 1, clock.now())
    sealed = sealer.seal(new.webhook_secret.encode(), secret_context(store.id))
    facts = (store.id, store.provider, store.name, store.shop, sealed, store.version, store.create_time)
    if (await tx.execute(sql.INSERT, (tx.organization, *facts))).rowcount == 0:
        (connected,) = await (await tx.execute(sql.CONNECTED_AS, (store.provider, store.shop))).fetchall()
        raise StoreAlreadyConnected(store.shop, connected.id)
    await tx.execute(sql.INSERT_DIRECTORY, (store.id, tx.organization))
    await outbox.write(tx, [events.store_event(tx, clock, store, cause)])
    return store
