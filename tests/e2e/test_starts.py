"""One folder over several starts: an interrupted demo, a port that a stranger took, nothing made twice."""

import asyncio
import contextlib
import itertools
from pathlib import Path
from typing import Any

import httpx2
import pytest

from laptop.demo import EMAIL, OPENING_STOCK, PRODUCTS, RIYADH, Demo, Story, prepare
from laptop.ports import HOST, free_port
from laptop.system import System
from tests.given.merchants import eventually


class Killed(BaseException):
    """As by SIGKILL: nobody handles it."""


class Deaths:
    """Kills whoever prepares the demo, once in each step: when it was answered, and before that is written down."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        writes, save = itertools.count(1), Story._save

        def write(story: Story) -> None:
            nonlocal writes
            # The step of the last death is asked again: its key, its answer, the next one's key, its answer.
            if next(writes) == 4:
                writes = itertools.count(1)
                self.number += 1
                raise Killed
            save(story)

        monkeypatch.setattr(Story, "_save", write)


async def prepared(system: System) -> Demo:
    """The demo, tried again after each death."""
    addresses = system.addresses
    for _ in range(100):
        with contextlib.suppress(Killed):
            return await prepare(system.folder, addresses.gateway, addresses.simulator, lambda _: None)
    raise AssertionError("it makes no progress")


async def counts(system: System, password: str) -> dict[str, Any]:
    """What the demo's organisation has, through the public doors."""
    async with httpx2.AsyncClient(base_url=system.addresses.gateway, timeout=15.0) as http:
        signed_in = await http.post("/v1/sessions", json={"email": EMAIL, "password": password})
        http.headers["Authorization"] = f"Bearer {signed_in.json()['tokens']['accessToken']}"
        found = {name: (await http.get(f"/v1/{name}")).json() for name in ("items", "warehouses", "levels", "stores")}
        opened = [await _opened(http, level["itemId"]) for level in found["levels"]["levels"]]
    return {name: len(answer[name]) for name, answer in found.items()} | {"units": sorted(opened)}


async def _opened(http: httpx2.AsyncClient, item: str) -> int:
    """Units that people put on the shelf, whatever left since."""
    why = (await http.get("/v1/levels:explain", params={"itemId": item, "pageSize": 200})).json()
    return sum(int(entry["onHandDelta"]) for entry in why["entries"] if entry["kind"] == "MOVEMENT_KIND_ADJUSTED")


async def shop(system: System) -> dict[str, Any]:
    """The simulated shop as it is."""
    async with httpx2.AsyncClient(base_url=system.addresses.simulator, timeout=15.0) as http:
        return dict((await http.get(f"/shops/{RIYADH.shop}")).json())


async def test_a_demo_that_was_killed_at_every_step_is_made_once_and_a_stranger_on_its_port_hears_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    system = await System.start(tmp_path, durable=False, gateway_port=port)
    try:
        with monkeypatch.context() as patch:
            deaths = Deaths(patch)
            made = await prepared(system)
        assert deaths.number > 2 * len(PRODUCTS)
        expected = {
            "items": len(PRODUCTS) + 1,
            "warehouses": 1,
            "levels": len(PRODUCTS) + 1,
            "stores": 2,
            "units": [5, *[OPENING_STOCK] * len(PRODUCTS)],
        }
        assert await counts(system, made.password) == expected
        await eventually(lambda: shop(system), lambda shop: shop["orders"] > 0)
    finally:
        await system.stop()

    heard = 0

    def hears(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        heard += 1
        writer.close()

    async with await asyncio.start_server(hears, HOST, port):
        said: list[str] = []
        system = await System.start(tmp_path, durable=False, gateway_port=port, say=said.append)
        try:
            assert f"port {port} is taken: the gateway is at {system.addresses.gateway}" in said
            resting = await shop(system)
            assert not resting["is_open"]
            again = await prepared(system)
            assert again.webhook_url.startswith(system.addresses.gateway)
            await eventually(lambda: shop(system), lambda shop: shop["orders"] > resting["orders"])
            assert await counts(system, again.password) == expected
            assert heard == 0
        finally:
            await system.stop()
