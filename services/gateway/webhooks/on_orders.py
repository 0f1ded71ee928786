"""What orders tells: a store was connected, or its connection changed."""

from gateway.webhooks.stores import Stores
from rappit.orders.v1.events_pb2 import StoreEvent


def store_changed(stores: Stores, event: StoreEvent) -> None:
    """Forget the store; its next delivery asks for it."""
    stores.forget(event.header.aggregate_id)
