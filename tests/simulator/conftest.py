"""A simulated shop, and the receiver of its webhooks on a real port."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.providers import provider_of
from simulator.server import HttpServer
from simulator.shops.sender import Sender, make_client
from simulator.shops.shop import Shops
from simulator.shops.storefront import Storefront
from tests.given.simulated_shop import NAME, Receiver, StoppedClock, World, settings_of


class Receivers(NamedTuple):
    """A local server for all receivers; each has a path of its own."""

    url: str
    by_name: dict[str, Receiver]


@pytest.fixture(scope="session")
async def receivers() -> AsyncIterator[Receivers]:
    """It serves until the last test has ended."""
    by_name: dict[str, Receiver] = {}

    async def take(request: Request) -> Response:
        return await by_name[request.path_params["name"]].take(request)

    server = HttpServer(Starlette(routes=[Route("/{name}", take, methods=["POST"])]), "127.0.0.1:0")
    yield Receivers(f"http://127.0.0.1:{await server.start()}", by_name)
    await server.stop(1)


@pytest.fixture
def receiver(receivers: Receivers) -> Iterator[Receiver]:
    """One receiver of webhooks."""
    name = uuid4().hex
    receiver = receivers.by_name[name] = Receiver(url=f"{receivers.url}/{name}")
    yield receiver
    receiver.released.set()


@pytest.fixture
async def world(tmp_path: Path, receiver: Receiver) -> AsyncIterator[World]:
    """A shop without faults and at rest; tests make happen in it what they are about."""
    shops, clock, random, pauses = Shops(tmp_path, provider_of), StoppedClock(), Random(7), list[float]()
    shop = shops.open(NAME, settings_of(receiver.url))

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    sender = Sender(make_client(), pause=pause)
    yield World(tmp_path, receiver, clock, shops, shop, sender, Storefront(sender, clock, random), random, pauses)
    await sender.stop()
