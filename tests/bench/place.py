"""Where it is measured: RAPPIT as `make run` starts it, commits durable, and a merchant who signed up at its doors."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

import grpc.aio

from chassis.rpc.client import Peer
from chassis.tokens import ServiceSigner
from laptop.proof.acknowledged import Acknowledged
from laptop.proof.read_proof import read_proof
from laptop.system import System
from rappit.identity.v1.tokens_pb2 import ExchangeTokenRequest
from rappit.identity.v1.tokens_pb2_grpc import TokenServiceStub
from tests.bench.result import Wrong
from tests.given.merchants import Merchant

# Shorter than the minute that an exchanged token lives.
_TOKEN_SECONDS = 30.0

Metadata = tuple[tuple[str, str], ...]


class Tokens:
    """A person's internal tokens for one service, exchanged as the gateway exchanges them, anew before they end."""

    def __init__(self, system: System, access_token: str, audience: str) -> None:
        signer = ServiceSigner("gateway", system.folder / "secrets" / "gateway.pem")
        self._identity = Peer("identity", system.addresses.grpc["identity"], signer)
        self._exchange = TokenServiceStub(self._identity.channel).ExchangeToken
        self._request = ExchangeTokenRequest(subject_token=access_token, audience=audience)
        self._token, self._until = "", 0.0

    async def metadata(self) -> Metadata:
        """What a call carries; with a new idempotency key."""
        if time.monotonic() > self._until:
            answer = await self._identity.call(self._exchange, self._request)
            self._token, self._until = f"Bearer {answer.token}", time.monotonic() + _TOKEN_SECONDS
        return (("authorization", self._token), ("idempotency-key", str(uuid4())))

    async def close(self) -> None:
        """Give the connection back."""
        await self._identity.close()


@dataclass
class Place:
    """A running system, a merchant, and (per service) a bare channel with what a call of the merchant carries."""

    system: System
    merchant: Merchant

    @asynccontextmanager
    async def caller(self, service: str) -> AsyncIterator[tuple[grpc.aio.Channel, Callable[[], Awaitable[Metadata]]]]:
        """A channel without anything of ours in it: what is measured is the server."""
        access_token = self.merchant.http.headers["Authorization"].removeprefix("Bearer ")
        tokens = Tokens(self.system, access_token, service)
        try:
            async with grpc.aio.insecure_channel(self.system.addresses.grpc[service]) as channel:
                yield channel, tokens.metadata
        finally:
            await tokens.close()

    async def check(self) -> str:
        """That nothing is reserved twice and every level is its ledger; raises Wrong."""
        proof = await read_proof(self.system, Acknowledged())
        if proof.faults:
            raise Wrong(str(proof))
        return f"reserved twice 0, levels unequal to ledger 0 of {proof.levels:,}"


@asynccontextmanager
async def opened(system: System) -> AsyncIterator[Place]:
    """A new merchant on this system."""
    async with Merchant.signed_up(system.addresses.gateway) as merchant:
        yield Place(system, merchant)
