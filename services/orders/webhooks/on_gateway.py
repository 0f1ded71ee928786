"""WebhookReceived: stores' deliveries, from Kafka or by AcceptDelivery."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.errors import NotYet
from chassis.messaging.envelope import Message
from chassis.messaging.handlers import Unreadable
from chassis.telemetry.logs import get_logger
from orders.orders.apply_snapshot import Arrival, apply_snapshot
from orders.providers.read_delivery import PROVIDERS, WithoutEffect, read_delivery
from orders.providers.unreadable_body import UnreadableBody
from orders.stores.known_organization import stores_of
from orders.stores.store import Store
from rappit.gateway.v1.events_pb2 import WebhookReceived

log = get_logger()


async def on_gateway(clock: Clock, tx: Transaction, messages: Sequence[Message[WebhookReceived]]) -> None:
    """Handle deliveries. What no repeat will make readable is parked at once, in words that repeat none of it."""
    stores = await stores_of(tx, {UUID(message.event.store_id) for message in messages})
    arrivals = [arrival for message in messages if (arrival := _arrival(message, stores))]
    await apply_snapshot(tx, clock, arrivals)


def _arrival(message: Message[WebhookReceived], stores: Mapping[UUID, Store]) -> Arrival | None:
    """The snapshot that a delivery brings; None where it has no effect. Raises Unreadable, NotYet."""
    delivery = message.event
    store_id = UUID(delivery.store_id)
    store = stores.get(store_id)
    if store is None:
        raise Unreadable(f"the organisation has no store {store_id}")
    provider = PROVIDERS.get(store.provider.lower())
    if provider is None:
        raise NotYet(f"deliveries of {store.provider} are not read here")
    try:
        read = read_delivery(provider, delivery.topic, delivery.external_id, delivery.body)
    except UnreadableBody as error:
        raise Unreadable(f"{delivery.topic}: {error}") from error
    if isinstance(read, WithoutEffect):
        log.info(
            "delivery without effect",
            organization_id=message.organization,
            store_id=store_id,
            event_id=message.id,
            topic=delivery.topic,
            reason=read.reason,
        )
        return None
    return Arrival(store, read, str(message.id), message.time)
