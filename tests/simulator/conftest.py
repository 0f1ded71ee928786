"""A simulated shop, and the receiver of its webhooks on a real port."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from simulator.server import HttpServer
from simulator.shopify.sender import Sender, make_client
from simulator.shopify.shop import Shops
from simulator.shopify.storefront import Storefront
from tests.given.simulated_shop import NAME, Receiver, StoppedClock, World, settings_of


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A local server that takes webhooks."""
    receiver = Receiver()
    server = HttpServer(Starlette(routes=[Route("/hook", receiver.take, methods=["POST"])]), "127.0.0.1:0")
    receiver.url = f"http://127.0.0.1:{await server.start()}/hook"
    yield receiver
    receiver.released.set()
    await server.stop(1)


@pytest.fixture
async def world(tmp_path: Path, receiver: Receiver) -> AsyncIterator[World]:
    """A shop without faults and at rest; tests make happen in it what they are about."""
    shops, clock, random, pauses = Shops(tmp_path), StoppedClock(), Random(7), list[float]()
    shop = shops.open(NAME, settings_of(receiver.url))

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    sender = Sender(make_client(), pause=pause)
    yield World(tmp_path, receiver, clock, shops, shop, sender, Storefront(sender, clock, random), random, pauses)
    await sender.stop()
