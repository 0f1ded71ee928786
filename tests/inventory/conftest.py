"""Inventory's database, an organisation of its own for each test, and a server that its people call."""

from collections.abc import AsyncIterator
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest

from chassis.clock import SystemClock
from chassis.database.pool import Database
from chassis.messaging.kafka import Kafka
from chassis.permissions import access_of, rpcs
from chassis.rpc.client import Peer
from inventory.app import make_consumer, make_server
from rappit.inventory.v1.dead_letters_pb2_grpc import DeadLetterServiceStub
from rappit.inventory.v1.items_pb2_grpc import ItemServiceStub
from rappit.inventory.v1.reservations_pb2_grpc import ReservationServiceStub
from rappit.inventory.v1.stock_pb2_grpc import StockServiceStub
from rappit.inventory.v1.warehouses_pb2_grpc import WarehouseServiceStub
from tests.given.mint import Mint
from tests.given.postgres import DatabaseOf
from tests.given.stock import Stockroom, make_stockroom

Response = TypeVar("Response")
ALL_PERMISSIONS = sorted({access_of(rpc).permission for rpc in rpcs() if rpc.startswith("rappit.inventory.")})


class Person:
    """Somebody of an organisation who calls inventory as the gateway lets people call it, and may do everything."""

    def __init__(self, peer: Peer, mint: Mint, organization: UUID) -> None:
        self.organization = organization
        self.user = uuid4()
        self._peer = peer
        self._token = mint.internal_token("inventory", *ALL_PERMISSIONS, organization=organization, user=self.user)
        self.dead_letters = DeadLetterServiceStub(peer.channel)
        self.items = ItemServiceStub(peer.channel)
        self.warehouses = WarehouseServiceStub(peer.channel)
        self.stock = StockServiceStub(peer.channel)
        self.reservations = ReservationServiceStub(peer.channel)

    async def call(self, method: Any, request: Any, key: str | None = None) -> Any:
        """Call an RPC, with a new idempotency key unless one is given. Raises RemoteRefusal."""
        return await self._peer.call(method, request, token=self._token, idempotency_key=key or str(uuid4()))


@pytest.fixture(scope="session")
async def inventory(service_database: DatabaseOf) -> AsyncIterator[Database]:
    """Inventory's database, open as the service opens it."""
    addresses = service_database("inventory")
    opened = await Database.open(addresses.service, addresses.finder, service="inventory", size=16)
    yield opened
    await opened.close()


@pytest.fixture
async def room(inventory: Database) -> Stockroom:
    """A new organisation with its default warehouse and nothing in it."""
    return await make_stockroom(inventory)


@pytest.fixture
async def peer(inventory: Database, mint: Mint) -> AsyncIterator[Peer]:
    """The way to a serving inventory."""
    consumer = make_consumer(inventory, Kafka("127.0.0.1:1", development=True), SystemClock())
    server = make_server("127.0.0.1:0", inventory, mint.verifier("inventory"), SystemClock(), consumer)
    port = await server.start()
    peer = Peer("inventory", f"127.0.0.1:{port}", mint.keys.signer("orders"))
    yield peer
    await peer.close()
    await server.stop(grace=1)


@pytest.fixture
def person(peer: Peer, mint: Mint, room: Stockroom) -> Person:
    """Somebody of the room's organisation."""
    return Person(peer, mint, room.organization)


@pytest.fixture
async def stranger(peer: Peer, mint: Mint, inventory: Database) -> Person:
    """Somebody of another organisation."""
    return Person(peer, mint, (await make_stockroom(inventory)).organization)
