"""WebhookReceived: stores' deliveries, from Kafka or by AcceptDelivery, and what stores answer when they are asked."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.errors import NotYet
from chassis.messaging.envelope import Message
from chassis.messaging.handlers import Unreadable
from chassis.telemetry.logs import get_logger
from orders.orders.snapshot import Snapshot
from orders.providers.read_delivery import ALWAYS_HANDLED, PROVIDERS, read_delivery
from orders.providers.reading import Deleted, Hint, PrivacyRequest, RiskAssessed, WithoutEffect
from orders.providers.unreadable_body import UnreadableBody
from orders.stores.known_organization import KnownOrganization, OrganizationState, known_organization
from orders.webhooks.delivery import Delivery
from orders.webhooks.take_deliveries import take_deliveries
from rappit.gateway.v1.events_pb2 import WebhookReceived

log = get_logger()

# Reactivation wakes them; this is for one that was set aside in the instant of it.
_REST = timedelta(minutes=2)
_CLOSED = WithoutEffect("the organisation is closed")


async def on_gateway(clock: Clock, tx: Transaction, messages: Sequence[Message[WebhookReceived]]) -> None:
    """Handle deliveries. What no repeat will make readable is parked at once, in words that repeat none of it.

    While the organisation is suspended, what they say of orders waits; when it is closed, they are let go.
    """
    known = await known_organization(tx, {UUID(message.event.store_id) for message in messages})
    await take_deliveries(tx, clock, [_read(message, known) for message in messages])


def _read(message: Message[WebhookReceived], known: KnownOrganization) -> Delivery:
    """Raises Unreadable, NotYet."""
    delivery = message.event
    store_id = UUID(delivery.store_id)
    store = known.stores.get(store_id)
    if store is None:
        raise Unreadable(f"the organisation has no store {store_id}")
    try:
        reading = (
            _CLOSED
            if known.state is OrganizationState.CLOSED and delivery.topic not in ALWAYS_HANDLED
            else read_delivery(PROVIDERS[store.provider.lower()], delivery.topic, delivery.external_id, delivery.body)
        )
    except UnreadableBody as error:
        raise Unreadable(f"{delivery.topic}: {error}") from error
    if isinstance(reading, PrivacyRequest) and reading.shop != store.shop:
        raise Unreadable(f"{delivery.topic}: shop_domain: is not this store's")
    if known.state is OrganizationState.SUSPENDED and isinstance(reading, Snapshot | Hint | RiskAssessed | Deleted):
        raise NotYet("the organisation is suspended", rest=_REST)
    if isinstance(reading, WithoutEffect):
        log.info(
            "delivery without effect",
            organization_id=message.organization,
            store_id=store_id,
            event_id=message.id,
            topic=delivery.topic,
            reason=reading.reason,
        )
    return Delivery(
        event_id=message.id,
        store=store,
        topic=delivery.topic,
        external_id=delivery.external_id,
        time=message.time,
        said_time=_said_time(message),
        body_bytes=len(delivery.body),
        body_sha256=hashlib.sha256(delivery.body).digest(),
        reading=reading,
    )


def _said_time(message: Message[WebhookReceived]) -> datetime:
    """When it happened, as Shopify says in a header that nobody signs; when it came in where that is missing or later.

    A delivery that is tried again comes in up to two days late.
    """
    try:
        said = datetime.fromisoformat(message.event.headers.get("x-shopify-triggered-at", ""))
    except ValueError:
        return message.time
    return min(said, message.time) if said.tzinfo else message.time
