"""The three services that keep a database, each serving as its `app.py` builds it, and calls to them as bytes."""

from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID, uuid4

import grpc.aio
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import Message

import identity.app
import identity.settings
import inventory.app
import inventory.settings
import orders.app
import orders.settings
from chassis.clock import SystemClock
from chassis.database.pool import Database
from chassis.errors import RemoteRefusal
from chassis.messaging.kafka import Kafka
from chassis.permissions import access_of, rpcs
from chassis.rpc.client import Peer
from chassis.rpc.server import RpcServer
from chassis.rpc.status import decode
from chassis.sealing import Sealer
from identity.accounts.password_hasher import PasswordHasher
from identity.organizations.organization import Organization, State
from identity.organizations.sql import insert_organization
from identity.tokens.signing_key import current_key
from identity.tokens.signing_keys import SigningKeys
from inventory.warehouses.record_organization import record_organization as record_for_inventory
from orders.stores.record_organization import record_organization as record_for_orders
from tests.contract.example_requests import AN_ID
from tests.given.mint import Mint
from tests.given.postgres import DatabaseOf
from tests.given.service_keys import SERVICES, ServiceKeys

ALL_PERMISSIONS = sorted({access_of(rpc).permission for rpc in rpcs()} - {""})
CLOCK = SystemClock()
ANY_PORT = "127.0.0.1:0"


def callee_of(rpc: str) -> str:
    """The service that an RPC belongs to."""
    return rpc.split(".")[1]


class Installation:
    """What serves, and tokens that it accepts."""

    def __init__(
        self, mint: Mint, ports: dict[str, int], peers: dict[str, Peer], databases: dict[str, Database]
    ) -> None:
        self.mint = mint
        self.ports = ports
        self.peers = peers
        self.databases = databases
        self.organization, self.user = UUID(AN_ID), uuid4()

    async def answer(self, rpc: str, request: Message, *, token: str | None, key: str | None = None) -> Any:
        """What a call is answered. Raises RemoteRefusal."""
        service, _, verb = rpc.partition("/")
        method = descriptor_pool.Default().FindServiceByName(service).methods_by_name[verb]
        return await self._call(rpc, request.SerializeToString(), token, 10.0, key, method.output_type)

    async def refusal(
        self, rpc: str, raw: bytes, *, token: str | None, within: float | None = 10.0, key: str | None = None
    ) -> RemoteRefusal | None:
        """What a call with these bytes and this metadata is refused with; None when it is answered."""
        try:
            await self._call(rpc, raw, token, within, key)
        except RemoteRefusal as refusal:
            return refusal
        return None

    async def _call(  # noqa: PLR0917 (what a call is made of)
        self, rpc: str, raw: bytes, token: str | None, within: float | None, key: str | None, answer: Any = None
    ) -> Any:
        given = {"authorization": token and f"Bearer {token}", "idempotency-key": key}
        metadata = tuple((name, value) for name, value in given.items() if value is not None)
        read = message_factory.GetMessageClass(answer).FromString if answer is not None else None
        method: Any = self.peers[callee_of(rpc)].channel.unary_unary(f"/{rpc}", response_deserializer=read)
        try:
            return await method(raw, metadata=metadata, timeout=within)
        except grpc.aio.AioRpcError as error:
            raise decode(error, callee_of(rpc)) from None

    def person(self, rpc: str, *permissions: str, **claims: Any) -> str:
        """A person's token for the service of this RPC."""
        given = {"organization": self.organization, "user": self.user, **claims}
        return self.mint.internal_token(claims.pop("audience", callee_of(rpc)), *permissions, **given)

    def service(self, name: str, rpc: str, *, organization: UUID | None = None, **claims: Any) -> str:
        """A service's token for the service of this RPC."""
        named = {"org": str(organization)} if organization else {}
        return self.mint.service_token(name, callee_of(rpc), **named, **claims)

    def allowed(self, rpc: str, **claims: Any) -> str:
        """A token of somebody whom the contract lets in."""
        access = access_of(rpc)
        if access.users:
            return self.person(rpc, *filter(None, [access.permission]), **claims)
        organization = self.organization if access.organization_required else None
        return self.service(min(access.services), rpc, organization=organization, **claims)

    def not_listed(self, rpc: str) -> list[str]:
        """Services that the contract does not let in."""
        return sorted(set(SERVICES) - access_of(rpc).services)


class Installer:
    """Starts the services; `stack` stops them."""

    def __init__(self, stack: AsyncExitStack, database_of: DatabaseOf, keys: ServiceKeys) -> None:
        self._stack = stack
        self._database_of = database_of
        self._keys = keys
        self.ports: dict[str, int] = {}
        self.peers: dict[str, Peer] = {}
        self.databases: dict[str, Database] = {}

    async def install(self) -> Installation:
        """All of them, with the organisation AN_ID. People's tokens are signed with the key that this identity has."""
        told, database = self._settings("identity"), await self._open("identity")
        hasher = PasswordHasher()
        self._stack.push_async_callback(hasher.close)
        organization = Organization(UUID(AN_ID), "Souq", State.ACTIVE, version=1, create_time=CLOCK.now())
        async with database.transaction(organization.id) as tx:
            await insert_organization(tx, organization)
        identity_settings = identity.settings.Settings(**told, master_key_file=self._keys.master_key_file)
        await self._serve("identity", await identity.app.make_server(identity_settings, database, hasher, CLOCK))
        address = self.address
        keys = SigningKeys(database, Sealer.from_file(self._keys.master_key_file), CLOCK)
        key = current_key(await keys.keys(), CLOCK.now())

        orders_settings = orders.settings.Settings(
            **self._settings("orders"), identity_address=address, master_key_file=self._keys.master_key_file
        )
        verifier = orders.app.make_verifier(orders_settings, self._identity_of("orders", address))
        database = await self._open("orders")
        async with database.transaction(UUID(AN_ID)) as tx:
            await record_for_orders(tx, "ACTIVE", 1)
        await self._serve("orders", orders.app.make_server(orders_settings, database, verifier, CLOCK))

        inventory_settings = inventory.settings.Settings(**self._settings("inventory"), identity_address=address)
        verifier = inventory.app.make_verifier(inventory_settings, self._identity_of("inventory", address))
        database = await self._open("inventory")
        async with database.transaction(UUID(AN_ID)) as tx:
            await record_for_inventory(tx, CLOCK)
        consumer = inventory.app.make_consumer(database, Kafka("127.0.0.1:1", development=True), CLOCK)
        await self._serve("inventory", inventory.app.make_server(ANY_PORT, database, verifier, CLOCK, consumer))
        return Installation(Mint(self._keys, key.private_key, key.id), self.ports, self.peers, self.databases)

    def _settings(self, service: str) -> dict[str, Any]:
        """What every service is told."""
        addresses = self._database_of(service)
        return {
            "metrics_address": ANY_PORT,
            "grpc_address": ANY_PORT,
            "kafka": "127.0.0.1:1",  # what serves RPCs writes to its database alone
            "service_key_file": self._keys.key_file(service),
            "service_public_keys_file": self._keys.public_keys_file,
            "database_url": addresses.service,
            "finder_database_url": addresses.finder,
        }

    async def _open(self, service: str) -> Database:
        addresses = self._database_of(service)
        database = self.databases[service] = await Database.open(addresses.service, addresses.finder, service=service)
        self._stack.push_async_callback(database.close)
        return database

    def _identity_of(self, service: str, address: str) -> Peer:
        peer = Peer("identity", address, self._keys.signer(service))
        self._stack.push_async_callback(peer.close)
        return peer

    async def _serve(self, service: str, server: RpcServer) -> None:
        self.ports[service] = await server.start()
        self.address = f"127.0.0.1:{self.ports[service]}"
        self._stack.push_async_callback(server.stop, 0)
        self.peers[service] = Peer(service, self.address, None)
        self._stack.push_async_callback(self.peers[service].close)
