"""A store's delivery that could not be read when it came, and stops its order's lane."""

from typing import Any
from unittest.mock import patch

from chassis.messaging.envelope import Message
from chassis.messaging.kafka import Kafka
from chassis.messaging.lanes import Lanes
from orders.app import make_consumers
from orders.providers.unreadable_body import UnreadableBody
from orders.webhooks.accept_delivery import CONSUMER, accept_delivery
from rappit.gateway.v1.events_pb2 import WebhookReceived
from tests.given.shop import CLOCK, Shop
from tests.given.shopify_orders import Json


async def park(shop: Shop, order: Json, topic: str = "orders/updated") -> Message[WebhookReceived]:
    """The delivery arrives while nobody understands it."""
    delivery = shop.delivery(order, topic)
    with patch("orders.webhooks.on_gateway.read_delivery", side_effect=UnreadableBody("sku", "is not understood")):
        await arrive(shop, delivery)
    return delivery


async def arrive(shop: Shop, *deliveries: Message[WebhookReceived]) -> None:
    """Deliveries come into their lanes, and the lane worker does what is due."""
    for delivery in deliveries:
        async with shop.database.transaction(shop.organization) as tx:
            await accept_delivery(tx, delivery.event)
    await work(shop)


async def work(shop: Shop) -> None:
    """The lane worker does what is due."""
    lanes = Lanes(shop.database, make_consumers(shop.database, Kafka("127.0.0.1:1", development=True), CLOCK)[0].intake)
    while await lanes.work_for(shop.organization):
        pass


async def states(shop: Shop) -> list[str]:
    """States of the deliveries in the inbox, in the order in which they came."""
    rows = await shop.rows("SELECT state FROM inbox WHERE consumer = %s ORDER BY position", CONSUMER)
    return [row.state for row in rows]


def ids(*deliveries: Any) -> list[str]:
    """Ids as they stand in answers."""
    return [str(delivery.id) for delivery in deliveries]
