"""Orders as it serves, called as the gateway calls it: for people with their tokens, for itself with its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from pydantic import SecretStr

from chassis.clock import SystemClock
from chassis.database.pool import Database
from chassis.rpc.client import Peer
from laptop.databases import ServiceDatabase
from orders.app import make_server
from orders.settings import Settings
from rappit.orders.v1.dead_letters_pb2_grpc import DeadLetterServiceStub
from rappit.orders.v1.holds_pb2_grpc import HoldServiceStub
from rappit.orders.v1.mappings_pb2_grpc import MappingServiceStub
from rappit.orders.v1.notes_pb2_grpc import NoteServiceStub
from rappit.orders.v1.orders_pb2_grpc import OrderServiceStub
from rappit.orders.v1.privacy_pb2_grpc import PrivacyServiceStub
from rappit.orders.v1.stores_pb2_grpc import StoreServiceStub
from rappit.orders.v1.webhooks_pb2_grpc import WebhookServiceStub
from tests.given.mint import Mint
from tests.given.service_keys import ServiceKeys

PERMISSIONS = (
    "orders.read",
    "orders.cancel",
    "orders.create",
    "orders.edit",
    "orders.hold",
    "orders.annotate",
    "orders.record_payment",
    "mappings.read",
    "mappings.edit",
    "stores.read",
    "stores.manage",
    "stores.connect",
    "deliveries.read",
    "deliveries.manage",
    "privacy.read",
    "deadletters.read",
    "deadletters.manage",
)


class ServedOrders:
    """A serving orders."""

    def __init__(self, peer: Peer, database: Database, mint: Mint) -> None:
        self.peer = peer
        self.database = database
        self.mint = mint
        self.orders = OrderServiceStub(peer.channel)
        self.holds = HoldServiceStub(peer.channel)
        self.notes = NoteServiceStub(peer.channel)
        self.mappings = MappingServiceStub(peer.channel)
        self.stores = StoreServiceStub(peer.channel)
        self.webhooks = WebhookServiceStub(peer.channel)
        self.privacy = PrivacyServiceStub(peer.channel)
        self.dead_letters = DeadLetterServiceStub(peer.channel)
        self.user = uuid4()

    async def call(
        self, method: Any, request: Any, organization: UUID, *permissions: str, key: str | None = None
    ) -> Any:
        """What a person of the organisation is answered; they have every permission unless some are given."""
        token = self.mint.internal_token(
            "orders", *(permissions or PERMISSIONS), organization=organization, user=self.user
        )
        return await self.peer.call(method, request, token=token, idempotency_key=key or str(uuid4()))


@asynccontextmanager
async def serve_orders(
    database: Database, addresses: ServiceDatabase, keys: ServiceKeys, mint: Mint
) -> AsyncIterator[ServedOrders]:
    """Serve orders over this database, until the block ends."""
    settings = Settings(
        metrics_address="127.0.0.1:0",
        kafka="127.0.0.1:1",  # nothing that is served here writes to it
        service_key_file=keys.key_file("orders"),
        service_public_keys_file=keys.public_keys_file,
        grpc_address="127.0.0.1:0",
        database_url=SecretStr(addresses.service),
        finder_database_url=SecretStr(addresses.finder),
        identity_address="127.0.0.1:1",
        master_key_file=keys.master_key_file,
    )
    server = make_server(settings, database, mint.verifier("orders"), SystemClock())
    gateway = Peer("orders", f"127.0.0.1:{await server.start()}", keys.signer("gateway"))
    yield ServedOrders(gateway, database, mint)
    await gateway.close()
    await server.stop(0)
