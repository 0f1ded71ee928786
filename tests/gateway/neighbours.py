"""Those whom the gateway calls: real gRPC servers with the contract's descriptors, and answers that a test sets."""

import asyncio
import importlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from chassis.permissions import permissions_of_roles
from chassis.rpc.context import Caller, Context, current_call
from chassis.rpc.origin import Origin, origin_of
from chassis.rpc.server import RpcServer
from chassis.telemetry.traces import current_traceparent
from gateway.rest.contract import contract_files
from identity.errors import TokenInvalid
from orders.errors import StoreNotFound
from rappit.identity.v1.tokens_pb2 import ExchangeTokenRequest, ExchangeTokenResponse
from rappit.orders.v1.stores_pb2 import ResolveStoreRequest, ResolveStoreResponse
from tests.given.mint import Mint

CONTEXTS = ("identity", "orders", "inventory")

Answer = Callable[[Any], Message | Awaitable[Message]]


@dataclass(frozen=True)
class Seen:
    """A call that passed all interceptors of its service."""

    rpc: str
    request: Any
    caller: Caller
    idempotency_key: str | None
    traceparent: str
    origin: Origin


@dataclass
class Person:
    """Somebody who is signed in: `token` is for the gateway."""

    token: str
    organization: UUID = field(default_factory=uuid4)
    user: UUID = field(default_factory=uuid4)
    session: UUID = field(default_factory=uuid4)
    permissions: frozenset[str] = permissions_of_roles()["ADMIN"]

    @property
    def headers(self) -> dict[str, str]:
        """What a request of theirs carries."""
        return {"Authorization": f"Bearer {self.token}"}


class Neighbours:
    """identity, orders and inventory. By default every RPC answers its empty response.

    answers: RPC -> what it answers, or raises.
    people, stores: what ExchangeToken and ResolveStore know.
    """

    def __init__(self, mint: Mint) -> None:
        self.mint = mint
        self.ports: dict[str, int] = {}
        self._servers: dict[str, RpcServer] = {}
        self.forget()

    def forget(self) -> None:
        """Be as at the beginning."""
        self.people: dict[str, Person] = {}
        self.stores: dict[str, ResolveStoreResponse] = {}
        self.calls: list[Seen] = []
        self.token_life = 60
        self.answers: dict[str, Answer] = {
            "rappit.identity.v1.TokenService/ExchangeToken": self._exchange,
            "rappit.orders.v1.StoreService/ResolveStore": self._resolve,
        }

    async def start(self) -> None:
        for context in CONTEXTS:
            await self.open(context)

    async def stop(self) -> None:
        for context in list(self._servers):
            await self.close(context)

    async def open(self, context: str) -> None:
        """Let one of them serve, on the port that it had before."""
        address = f"127.0.0.1:{self.ports.get(context, 0)}"
        server = RpcServer(service=context, address=address, verifier=self.mint.verifier(context))
        for file in contract_files():
            if file.package == f"rappit.{context}.v1" and file.services_by_name:
                stubs = importlib.import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2_grpc")
                for service in file.services_by_name.values():
                    server.add(getattr(stubs, f"add_{service.name}Servicer_to_server"), _Servicer(self, service))
        self.ports[context] = await server.start()
        self._servers[context] = server

    async def close(self, context: str) -> None:
        """Let one of them be away."""
        await self._servers.pop(context).stop(grace=0)

    def sign_in(self, **more: Any) -> Person:
        """Somebody new with a live session."""
        person = Person(token=f"header.{uuid4().hex}.signature", **more)
        self.people[person.token] = person
        return person

    def seen(self, rpc: str) -> list[Seen]:
        """The calls of one RPC, by the end of its name."""
        return [call for call in self.calls if call.rpc.endswith(f"/{rpc}")]

    async def never(self, _: object) -> Message:
        """An answer that does not come."""
        await asyncio.Event().wait()
        raise AssertionError

    async def answer(self, rpc: str, request: Any, response_type: type[Message], context: Context) -> Message:
        call = current_call()
        seen = Seen(rpc, request, call.caller, call.idempotency_key, current_traceparent(), origin_of(context))
        self.calls.append(seen)
        made = self.answers.get(rpc, lambda _: response_type())(request)
        return made if isinstance(made, Message) else await made

    def _exchange(self, request: ExchangeTokenRequest) -> ExchangeTokenResponse:
        person = self.people.get(request.subject_token)
        if person is None:
            raise TokenInvalid("the session has ended")
        expires = int(time.time()) + self.token_life
        token = self.mint.internal_token(
            request.audience,
            *sorted(person.permissions),
            organization=person.organization,
            user=person.user,
            sid=str(person.session),
            exp=expires,
        )
        response = ExchangeTokenResponse(token=token)
        response.expire_time.seconds = expires
        return response

    def _resolve(self, request: ResolveStoreRequest) -> ResolveStoreResponse:
        store = self.stores.get(request.store_id)
        if store is None:
            raise StoreNotFound(UUID(request.store_id))
        return store


class _Servicer:
    """Has a method for each RPC of a service."""

    def __init__(self, neighbours: Neighbours, service: ServiceDescriptor) -> None:
        self._neighbours = neighbours
        self._service = service

    def __getattr__(self, name: str) -> Callable[[Message, Context], Awaitable[Message]]:
        method = self._service.methods_by_name[name]
        response_type = GetMessageClass(method.output_type)

        async def serve(request: Message, context: Context) -> Message:
            return await self._neighbours.answer(f"{self._service.full_name}/{name}", request, response_type, context)

        return serve
