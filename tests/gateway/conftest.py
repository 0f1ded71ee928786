"""A gateway that serves, and those whom it calls."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from chassis.http_server import HttpServer
from chassis.messaging.kafka import Kafka
from chassis.messaging.topics import Topic, create_topics
from chassis.rpc.client import Peer
from gateway import app
from gateway.edge.access_log import AccessLog
from gateway.edge.clients import ClientAddresses
from gateway.live.on_events import SUBJECTS
from gateway.rates.counts import OwnCounts
from gateway.rates.limits import Quotas, RateLimits
from gateway.webhooks.intake import TOPIC
from laptop.ports import free_port
from tests.gateway.neighbours import CONTEXTS, Neighbours
from tests.given.mint import Mint
from tests.given.service_keys import ServiceKeys
from tests.given.waiting import until

# Tests of limits set their own.
PLENTY = app.Edge(ClientAddresses(), RateLimits(OwnCounts(), Quotas(*[10**9] * 4)), ())


@dataclass
class Served:
    """A gateway that serves: `http` asks it, `log` is its access log."""

    parts: app.Gateway
    http: httpx2.AsyncClient
    port: int
    kafka: Kafka
    server: HttpServer
    stream: io.StringIO

    @property
    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@asynccontextmanager
async def serving(neighbours: Neighbours, kafka: Kafka | None = None, edge: app.Edge = PLENTY) -> AsyncIterator[Served]:
    """A gateway, from its start to its end; without `kafka` its Kafka is away."""
    kafka = kafka or Kafka(f"127.0.0.1:{free_port()}")
    signer = neighbours.mint.keys.signer("gateway")
    peers = {name: Peer(name, f"127.0.0.1:{neighbours.ports[name]}", signer) for name in CONTEXTS}
    stream = io.StringIO()
    parts = app.compose(peers, kafka, AccessLog("gateway", stream=stream), edge, is_ready=lambda: True)
    # What ended is read when a test says so.
    running = [asyncio.create_task(part.run()) for part in (parts.producer, parts.listener)]
    server = app.make_server(parts, "127.0.0.1:0")
    port = await server.start()
    server.set_ready(True)
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        yield Served(parts, http, port, kafka, server, stream)
    await server.stop(grace=5)
    for part in (parts.listener, parts.producer):
        await part.stop()
    await asyncio.gather(*running)
    for peer in peers.values():
        await peer.close()


@pytest.fixture(scope="session")
async def _shared(service_keys: ServiceKeys) -> AsyncIterator[tuple[Neighbours, Served]]:
    neighbours = Neighbours(Mint(service_keys))
    await neighbours.start()
    async with serving(neighbours) as served:
        yield neighbours, served
    await neighbours.stop()


@pytest.fixture
def neighbours(_shared: tuple[Neighbours, Served]) -> Neighbours:
    """identity, orders and inventory, as if they had never been asked. Tests that end one have their own."""
    _shared[0].forget()
    return _shared[0]


@pytest.fixture
def gateway(neighbours: Neighbours, _shared: tuple[Neighbours, Served]) -> Served:
    """A gateway that calls `neighbours`, and whose Kafka is away."""
    _shared[1].stream.seek(0)
    _shared[1].stream.truncate()
    return _shared[1]


@pytest.fixture
async def own_neighbours(mint: Mint) -> AsyncIterator[Neighbours]:
    """identity, orders and inventory of this test alone."""
    made = Neighbours(mint)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def gateway_with_kafka(own_neighbours: Neighbours, kafka: str, topic_prefix: str) -> AsyncIterator[Served]:
    """A gateway that calls `own_neighbours`, produces, and has begun to listen."""
    address = Kafka(kafka, f"{topic_prefix}{uuid4().hex[:8]}.", development=True)
    await create_topics(address, [TOPIC, *(Topic(kind) for kind in SUBJECTS)])
    async with serving(own_neighbours, address) as served:
        await until(lambda: served.parts.producer.is_ready)
        await asyncio.wait_for(served.parts.listener.listening(), 30)
        yield served
