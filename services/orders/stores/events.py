"""Stores as other services are told of them: that one changed, never how."""

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import new_header
from orders.stores.store import Store
from rappit.orders.v1.events_pb2 import StoreChanged, StoreEvent


def store_event(tx: Transaction, clock: Clock, store: Store, cause: str) -> StoreEvent:
    """A store's connection is new or other than before."""
    return StoreEvent(header=new_header(tx, clock, store.id, store.version, cause), store_changed=StoreChanged())
