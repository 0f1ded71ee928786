"""Making a delivery durable before its store hears 2xx: Kafka, and orders itself while Kafka does not take it.

Both may happen to have it: the event id is the same, and orders drops the repeat.
"""

from collections.abc import Awaitable, Callable
from typing import Literal
from uuid import UUID

from chassis.errors import Refusal
from chassis.messaging.disposable_producer import DisposableProducer, NotTaken
from chassis.messaging.topics import Topic
from chassis.telemetry.logs import get_logger
from rappit.gateway.v1.events_pb2 import WebhookReceived

TOPIC = Topic(WebhookReceived, retention_days=14)

# Providers give up after 5 s in all: 1.2 for the store (stores.ASK_SECONDS), then these two.
KAFKA_SECONDS = 2.0
ORDERS_SECONDS = 1.5

By = Literal["kafka", "orders"]
AcceptDelivery = Callable[[WebhookReceived, UUID], Awaitable[None]]

log = get_logger()


class NotDurable(Exception):
    """Neither Kafka nor orders took the delivery. Its store sends it again."""


class Intake:
    """Takes deliveries. `accept` calls orders.AcceptDelivery; it raises a Refusal when that was not done."""

    def __init__(self, producer: DisposableProducer, accept: AcceptDelivery) -> None:
        self._producer = producer
        self._accept = accept

    async def take(self, delivery: WebhookReceived, organization: UUID) -> By:
        """Make it durable, and say who has it. Raises NotDurable."""
        try:
            await self._producer.send(delivery.header.aggregate_id, delivery.SerializeToString())
        except NotTaken:
            try:
                await self._accept(delivery, organization)
            except Refusal as error:
                log.warning("delivery is not durable", event_id=delivery.header.id, reason=error.reason)
                raise NotDurable from error
            return "orders"
        return "kafka"
