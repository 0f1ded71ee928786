"""The system that runs in a folder, with its demo: where it is met, and how to sign in."""

import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from laptop.demo.made import ENVIRONMENT_FILE
from laptop.tries.stores import ShopifyStore, Store, WooCommerceStore
from rappit_client import RappitClient
from rappit_client.errors import Refused, Unreachable

# A client's pool of many more is itself what is waited for.
MOST_CONNECTIONS = 100
# As patient as a store is that has many buyers at once and sends again what nobody took.
ANSWER_SECONDS = 30.0
# A service that was killed is there again after some seconds; until then calls are tried again.
CALL_SECONDS = 30.0


class NotRunning(Exception):
    """There is nothing to try; says what to do."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            f"RAPPIT does not run with its demo in {folder}: {why}.\n"
            "  Start it in another shell by `make run`, and try again when its screen shows orders."
        )


@dataclass(frozen=True)
class Running:
    """The demo's first organisation: its client, signed in, its two stores, and who sends as they do.

    strangers_secret: with it the store of the other organisation signs.
    """

    folder: Path
    rappit: RappitClient
    stores: tuple[Store, Store]
    strangers_secret: str
    http: httpx2.AsyncClient


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Running]:
    """The system of this folder. Raises NotRunning."""
    told = read_environment(folder)
    first = ShopifyStore(told["STORE"], told["SHOP"], told["SECRET"])
    second = WooCommerceStore(told["SECOND_STORE"], told["SECOND_SHOP"], told["SECOND_SECRET"])
    limits = httpx2.Limits(max_connections=MOST_CONNECTIONS)
    async with (
        RappitClient(told["RAPPIT"], timeout=CALL_SECONDS) as rappit,
        httpx2.AsyncClient(timeout=ANSWER_SECONDS, limits=limits, trust_env=False) as http,
    ):
        try:
            await rappit.sign_in(email=told["EMAIL"], password=told["PASSWORD"])
        except (Refused, Unreachable) as error:
            raise NotRunning(folder, f"signing in at {told['RAPPIT']} failed: {error}") from error
        yield Running(folder, rappit, (first, second), told["OTHER_SECRET"], http)


def read_environment(folder: Path) -> dict[str, str]:
    """The variables of `demo.env`. Raises NotRunning where there are none."""
    file = folder / ENVIRONMENT_FILE
    if not file.exists():
        raise NotRunning(folder, f"there is no {file.name}")
    lines = file.read_text().splitlines()
    return {name: "".join(shlex.split(value)) for name, _, value in (line.partition("=") for line in lines) if name}
