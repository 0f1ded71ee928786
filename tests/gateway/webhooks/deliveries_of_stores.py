"""A store that sends deliveries to a gateway, and what became of them."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx2

from chassis.messaging.kafka import Kafka
from gateway.webhooks.intake import TOPIC
from rappit.gateway.v1.events_pb2 import WebhookReceived
from rappit.orders.v1.store_pb2 import Provider
from rappit.orders.v1.stores_pb2 import ResolveStoreResponse
from tests.gateway.conftest import Served
from tests.gateway.neighbours import Neighbours, Seen
from tests.given.samples_of_stores import sample, sent_headers, sign

BODY = sample("official-2017-order-BYTES.json")
ORDER = "820982911946154508"


class Sender:
    """A connected store of an organisation of its own."""

    def __init__(self, gateway: Served, neighbours: Neighbours, shop: str = "riyadh.myshopify.com") -> None:
        self.gateway = gateway
        self.neighbours = neighbours
        self.id = str(uuid4())
        self.organization = uuid4()
        self.shop = shop
        self.secret = f"shpss_{uuid4().hex}"
        self.connect(self.secret)

    def connect(self, *secrets: str) -> None:
        """From now on orders says that these secrets sign."""
        self.neighbours.stores[self.id] = ResolveStoreResponse(
            organization_id=str(self.organization),
            provider=Provider.PROVIDER_SHOPIFY,
            shop=self.shop,
            webhook_secrets=secrets,
        )

    @property
    def path(self) -> str:
        return f"/webhooks/shopify/{self.id}"

    async def send(
        self,
        body: bytes = BODY,
        *,
        topic: str = "orders/updated",
        signature: str | bytes | None = None,
        delivery: str = "8a95126f-859a-4db9-b8f1-350e299e9ea0",
        path: str | None = None,
        **headers: str,
    ) -> httpx2.Response:
        """One delivery with the headers of the real ones; `headers` adds some or, empty, leaves some out."""
        sent: dict[str, Any] = {
            **sent_headers("hookdeck-2024-10-orders-create"),
            "x-shopify-topic": topic,
            "x-shopify-hmac-sha256": sign(self.secret, body) if signature is None else signature,
            "x-shopify-shop-domain": self.shop,
            "x-shopify-webhook-id": delivery,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        del sent["content-length"]
        present = {name: value for name, value in sent.items() if value != ""}
        return await self.gateway.http.post(path or self.path, content=body, headers=present)

    @property
    def accepted(self) -> list[Seen]:
        """What orders took because Kafka did not."""
        return [call for call in self.neighbours.seen("AcceptDelivery") if call.request.delivery.store_id == self.id]


async def in_kafka(kafka: Kafka, count: int) -> list[tuple[str, WebhookReceived]]:
    """Keys and deliveries in Kafka, when there are at least so many; fails when they do not come."""
    consumer = kafka.consumer(f"reader-{UUID(int=uuid4().int)}")
    consumer.subscribe([f"{kafka.prefix}{TOPIC.name}"])
    await consumer.start()
    found: list[tuple[str, WebhookReceived]] = []
    try:
        async with asyncio.timeout(20):
            while len(found) < count:
                batch = await consumer.getmany(timeout_ms=500)
                found += [
                    (record.key.decode(), WebhookReceived.FromString(record.value))
                    for records in batch.values()
                    for record in records
                ]
    finally:
        await consumer.stop()
    return found
