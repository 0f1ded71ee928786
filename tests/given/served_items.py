"""A server behind all interceptors whose servicers do what a test says, and a caller of it.

ItemService is for people, TokenService for services and without an organisation, WebhookService for the gateway alone.
`python -m tests.given.served_items FOLDER PORT` serves the same as a process of its own, with the keys in the folder.
"""
# ruff: noqa: N802 (methods are called as in the contract)

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import uvloop

from chassis.rpc.client import Peer
from chassis.rpc.context import Call, Context, current_call
from chassis.rpc.server import RpcServer
from rappit.identity.v1 import tokens_pb2, tokens_pb2_grpc
from rappit.inventory.v1 import items_pb2, items_pb2_grpc
from rappit.orders.v1 import webhooks_pb2, webhooks_pb2_grpc
from tests.given.mint import Mint
from tests.given.service_keys import ServiceKeys

T = TypeVar("T")
ALL_PERMISSIONS = ("items.create", "items.read")


class Servicer:
    """Notes each call, then does what it was told to do."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.does: Callable[[Any, Context], Awaitable[Any]] | None = None

    async def answer(self, request: object, context: Context, otherwise: T) -> T:
        self.calls.append(current_call())
        done: T | None = await self.does(request, context) if self.does else None
        return done or otherwise


class Items(Servicer, items_pb2_grpc.ItemServiceServicer):
    async def CreateItem(self, request: items_pb2.CreateItemRequest, context: Context) -> items_pb2.CreateItemResponse:
        created = items_pb2.CreateItemResponse(item=items_pb2.Item(sku=request.sku))
        return await self.answer(request, context, created)

    async def GetItem(self, request: items_pb2.GetItemRequest, context: Context) -> items_pb2.GetItemResponse:
        return await self.answer(request, context, items_pb2.GetItemResponse())

    async def ListItems(self, request: items_pb2.ListItemsRequest, context: Context) -> items_pb2.ListItemsResponse:
        return await self.answer(request, context, items_pb2.ListItemsResponse())


class Tokens(Servicer, tokens_pb2_grpc.TokenServiceServicer):
    async def ExchangeToken(
        self, request: tokens_pb2.ExchangeTokenRequest, context: Context
    ) -> tokens_pb2.ExchangeTokenResponse:
        return await self.answer(request, context, tokens_pb2.ExchangeTokenResponse())

    async def GetJsonWebKeySet(
        self, request: tokens_pb2.GetJsonWebKeySetRequest, context: Context
    ) -> tokens_pb2.GetJsonWebKeySetResponse:
        return await self.answer(request, context, tokens_pb2.GetJsonWebKeySetResponse())

    async def ListRevocations(
        self, request: tokens_pb2.ListRevocationsRequest, context: Context
    ) -> tokens_pb2.ListRevocationsResponse:
        return await self.answer(request, context, tokens_pb2.ListRevocationsResponse())


class Webhooks(Servicer, webhooks_pb2_grpc.WebhookServiceServicer):
    async def AcceptDelivery(
        self, request: webhooks_pb2.AcceptDeliveryRequest, context: Context
    ) -> webhooks_pb2.AcceptDeliveryResponse:
        return await self.answer(request, context, webhooks_pb2.AcceptDeliveryResponse())


class Served:
    """The server as "inventory", and `orders` that calls it."""

    def __init__(self, mint: Mint, address: str = "127.0.0.1:0", **options: Any) -> None:
        self.mint = mint
        # Only the verbs that tests call are there; the others answer UNIMPLEMENTED, as the stubs' base classes do.
        self.items = Items()  # type: ignore[abstract]
        self.tokens = Tokens()
        self.webhooks = Webhooks()  # type: ignore[abstract]
        self.organization, self.user = uuid4(), uuid4()
        self.token = mint.internal_token("inventory", *ALL_PERMISSIONS, organization=self.organization, user=self.user)
        self.server = RpcServer(service="inventory", address=address, verifier=mint.verifier("inventory"), **options)
        self.server.add(items_pb2_grpc.add_ItemServiceServicer_to_server, self.items)
        self.server.add(tokens_pb2_grpc.add_TokenServiceServicer_to_server, self.tokens)
        self.server.add(webhooks_pb2_grpc.add_WebhookServiceServicer_to_server, self.webhooks)
        self.address = address
        self.peer = Peer("inventory", address, mint.keys.signer("orders"))

    async def start(self) -> None:
        port = await self.server.start()
        await self.peer.close()
        self.address = f"127.0.0.1:{port}"
        self.peer = Peer("inventory", self.address, self.mint.keys.signer("orders"))

    async def stop(self) -> None:
        await self.peer.close()
        await self.server.stop(0)

    @property
    def stub(self) -> items_pb2_grpc.ItemServiceStub:
        return items_pb2_grpc.ItemServiceStub(self.peer.channel)

    @property
    def token_stub(self) -> tokens_pb2_grpc.TokenServiceStub:
        return tokens_pb2_grpc.TokenServiceStub(self.peer.channel)

    @property
    def webhook_stub(self) -> webhooks_pb2_grpc.WebhookServiceStub:
        return webhooks_pb2_grpc.WebhookServiceStub(self.peer.channel)

    async def list_items(self, **more: Any) -> items_pb2.ListItemsResponse:
        """A call that all interceptors let through, unless `more` changes something."""
        return await self.peer.call(self.stub.ListItems, items_pb2.ListItemsRequest(), **{"token": self.token, **more})

    async def create_item(self, sku: str = "MUG", barcode: str = "", **more: Any) -> items_pb2.CreateItemResponse:
        """The same for an RPC that takes a key."""
        request = items_pb2.CreateItemRequest(sku=sku, name="Mug", barcode=barcode)
        given = {"token": self.token, "idempotency_key": str(uuid4()), **more}
        return await self.peer.call(self.stub.CreateItem, request, **given)

    async def send(self, rpc: str, raw: bytes = b"", *, within: float | None = 5.0, **metadata: str | None) -> bytes:
        """A call as any client may make it: these bytes, this metadata (underscores for dashes), no help."""
        headers = tuple((name.replace("_", "-"), value) for name, value in metadata.items() if value is not None)
        method: Any = self.peer.channel.unary_unary(f"/{rpc}")
        answer: bytes = await method(raw, metadata=headers, timeout=within)
        return answer


@asynccontextmanager
async def serving(mint: Mint, **options: Any) -> AsyncIterator[Served]:
    """A server on a free port of the loopback for as long as the block lasts."""
    served = Served(mint, **options)
    await served.start()
    try:
        yield served
    finally:
        await served.stop()


async def _serve(folder: Path, port: int) -> None:
    served = Served(Mint(ServiceKeys(folder)), f"127.0.0.1:{port}")
    await served.start()
    sys.stdout.write("serving\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))
