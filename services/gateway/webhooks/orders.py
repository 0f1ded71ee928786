"""Asking orders: whose store it is, and to take a delivery that Kafka did not."""

from uuid import UUID

from chassis.errors import RemoteRefusal
from chassis.rpc.client import Peer
from gateway.webhooks.intake import ORDERS_SECONDS
from gateway.webhooks.providers import PROVIDERS
from gateway.webhooks.stores import ASK_SECONDS, Store, StoresAway
from rappit.gateway.v1.events_pb2 import WebhookReceived
from rappit.orders.v1.store_pb2 import StoreState
from rappit.orders.v1.stores_pb2 import ResolveStoreRequest
from rappit.orders.v1.stores_pb2_grpc import StoreServiceStub
from rappit.orders.v1.webhooks_pb2 import AcceptDeliveryRequest
from rappit.orders.v1.webhooks_pb2_grpc import WebhookServiceStub

_KEYS = {provider.number: provider.key for provider in PROVIDERS.values()}
_UNKNOWN_STORE = ("orders.rappit", "STORE_NOT_FOUND")


class Orders:
    """orders' RPCs for the gateway alone."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._stores = StoreServiceStub(peer.channel)
        self._webhooks = WebhookServiceStub(peer.channel)

    async def resolve(self, store_id: str) -> Store | None:
        """The store; None when there is none. Raises StoresAway for every reason on our side."""
        request = ResolveStoreRequest(store_id=store_id)
        try:
            answer = await self._peer.call(
                self._stores.ResolveStore, request, cause="ResolveStore", timeout=ASK_SECONDS
            )
        except RemoteRefusal as refusal:
            if (refusal.domain, refusal.reason) == _UNKNOWN_STORE:
                return None
            raise StoresAway from refusal
        key = _KEYS.get(answer.provider, str.encode)
        return Store(
            organization=UUID(answer.organization_id),
            provider=answer.provider,
            shop=answer.shop,
            secrets=tuple(map(key, answer.webhook_secrets)),
            is_full=answer.intake_full,
            is_disconnected=answer.state == StoreState.STORE_STATE_DISCONNECTED,
        )

    async def accept(self, delivery: WebhookReceived, organization: UUID) -> None:
        """Returns when orders has the delivery. Raises a Refusal."""
        await self._peer.call(
            self._webhooks.AcceptDelivery,
            AcceptDeliveryRequest(delivery=delivery),
            organization=organization,
            cause=delivery.header.id,
            timeout=ORDERS_SECONDS,
        )
