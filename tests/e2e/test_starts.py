"""One folder over several starts: an interrupted demo, a port that a stranger took, nothing made twice."""

import asyncio
import contextlib
import itertools
from pathlib import Path
from typing import Any

import httpx2
import pytest

from laptop.demo.made import Demo, Member
from laptop.demo.organizations import BAZAAR, RIYADH, SOUQ, Organization
from laptop.demo.prepare import prepare
from laptop.demo.receive_goods import receiving
from laptop.demo.story import Story
from laptop.follow import Event
from laptop.ports import HOST, free_port
from laptop.system import System
from tests.given.merchants import eventually

# Odd, for a step writes its key and its answer.
WRITES_OF_A_LIFE = 61


class Killed(BaseException):
    """As by SIGKILL: nobody handles it."""


class Deaths:
    """Kills whoever prepares the demo again and again, a few steps further each time, when a step was answered and
    before that is written down.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        writes, save = itertools.count(1), Story._save

        def write(story: Story) -> None:
            nonlocal writes
            if next(writes) == WRITES_OF_A_LIFE:
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


async def counts(system: System, member: Member) -> dict[str, Any]:
    """What an organisation of the demo has, through the public doors."""
    async with httpx2.AsyncClient(base_url=system.addresses.gateway, timeout=15.0) as http:
        signed_in = await http.post("/v1/sessions", json={"email": member.email, "password": member.password})
        http.headers["Authorization"] = f"Bearer {signed_in.json()['tokens']['accessToken']}"
        pages = {"items": "?pageSize=200", "levels": "?pageSize=200", "warehouses": "", "stores": ""}
        found = {name: (await http.get(f"/v1/{name}{page}")).json()[name] for name, page in pages.items()}
        opened = [await _opened(http, level) for level in found["levels"]]
    return {name: len(answer) for name, answer in found.items()} | {"units": sorted(opened)}


def expected(organization: Organization) -> dict[str, Any]:
    """The same, as the demo has it."""
    shelves = [item.shelves for item in organization.stocked]
    return {
        "items": len(shelves),
        "warehouses": 1 + len(organization.warehouses),
        "levels": sum(map(len, shelves)),
        "stores": len(organization.stores),
        "units": sorted(shelf.full for of_item in shelves for shelf in of_item),
    }


async def _opened(http: httpx2.AsyncClient, level: dict[str, Any]) -> int:
    """Units that people put on the shelf, whatever left since."""
    place = {"itemId": level["itemId"], "warehouseId": level["warehouseId"], "pageSize": 200}
    why = (await http.get("/v1/levels:explain", params=place)).json()
    return sum(int(entry["onHandDelta"]) for entry in why["entries"] if entry["kind"] == "MOVEMENT_KIND_ADJUSTED")


async def shop(system: System) -> dict[str, Any]:
    """The simulated shop as it is."""
    async with httpx2.AsyncClient(base_url=system.addresses.simulator, timeout=15.0) as http:
        return dict((await http.get(f"/shops/{RIYADH.shop}")).json())


async def lives_fast(system: System) -> None:
    """A hundred times as fast as people see it, orders are reserved, and goods that ran low are received."""
    reserved, received = 0, list[Event]()
    events, addresses = system.events(), system.addresses
    demo = await prepare(system.folder, addresses.gateway, addresses.simulator, lambda _: None, speed=100)
    async with asyncio.timeout(60), receiving(demo, received.append):
        async for event in events:
            reserved += event["event"] == "order reserved"
            if reserved >= 50 and {event["event"] for event in received} == {"goods received"}:
                return


async def test_a_demo_that_was_killed_at_every_step_is_made_once_and_a_stranger_on_its_port_hears_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    system = await System.start(tmp_path, durable=False, gateway_port=port)
    try:
        with monkeypatch.context() as patch:
            deaths = Deaths(patch)
            made = await prepared(system)
        assert deaths.number > 3
        assert await counts(system, made.member) == expected(SOUQ)
        assert await counts(system, made.other) == expected(BAZAAR)
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
            assert again.member.doors[0].webhook_url.startswith(system.addresses.gateway)
            await eventually(lambda: shop(system), lambda shop: shop["orders"] > resting["orders"])
            assert await counts(system, again.member) == expected(SOUQ)
            assert heard == 0
            await lives_fast(system)
        finally:
            await system.stop()
