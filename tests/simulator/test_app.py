"""The process: it serves, says what it sends, and goes on after it was killed."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.given.simulated_shop import NAME, PRODUCTS, SECRET, Receiver
from tests.given.waiting import until
from tests.simulator.conftest import Receivers


class Running:
    """`python -m simulator serve` in a folder, its log beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{_free_port()}"
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, run: str = "") -> None:
        """Start it and wait until it says that it serves."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RAPPIT_")}
        environment |= {
            "RAPPIT_METRICS_ADDRESS": "127.0.0.1:0",
            "RAPPIT_HTTP_ADDRESS": self.url.removeprefix("http://"),
            "RAPPIT_SIMULATOR_FOLDER": str(self.folder / "simulator"),
            "RAPPIT_SIMULATOR_RUN": run,
            "RAPPIT_DRAIN_SECONDS": "0",
        }
        before = len(self.lines("serving"))
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "simulator", "serve", env=environment, stdout=log, stderr=log
            )
        await until(lambda: len(self.lines("serving")) > before)

    async def end(self, number: signal.Signals) -> int:
        """Send it a signal; its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return await self.process.wait()

    def lines(self, event: str) -> list[dict[str, Any]]:
        """The log's lines of an event."""
        log = self.folder / "log"
        lines = [json.loads(line) for line in log.read_text().splitlines() if line] if log.exists() else []
        return [line for line in lines if line["event"] == event]


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """A simulator of its own."""
    running = Running(tmp_path)
    await running.start()
    yield running
    if running.process is not None and running.process.returncode is None:
        await running.end(signal.SIGKILL)


async def test_a_shop_sells_by_itself_and_goes_on_after_the_process_was_killed(
    running: Running, receiver: Receiver
) -> None:
    shop = {
        "webhook_url": receiver.url,
        "secret": SECRET,
        "currency": "SAR",
        "products": PRODUCTS,
        "rate_per_minute": 600,
    }
    async with httpx2.AsyncClient(base_url=running.url, trust_env=False) as client:
        assert (await client.put(f"/shops/{NAME}", json=shop)).status_code == 201
    await until(lambda: len(receiver.of("#1005")) > 0)
    await running.end(signal.SIGKILL)
    highest = max(taken.order.get("order_number", 0) for taken in receiver.taken)
    receiver.taken.clear()
    await running.start()
    await until(lambda: len(receiver.of(f"#{highest + 3}")) > 0)

    for line in running.lines("delivery sent"):
        assert {"shop", "order", "topic", "sha256", "status"} <= line.keys()
        assert line["shop"] == NAME
    assert await running.end(signal.SIGTERM) == 0
    assert SECRET not in (running.folder / "log").read_text()


async def test_a_shop_of_an_earlier_run_rests_until_it_is_opened_again(
    tmp_path: Path, receiver: Receiver, receivers: Receivers
) -> None:
    """Between two runs the receiver's port may have become a stranger's."""
    running, stranger = Running(tmp_path), receiver
    shop = {"webhook_url": stranger.url, "secret": SECRET, "currency": "SAR", "products": PRODUCTS}
    async with httpx2.AsyncClient(base_url=running.url, trust_env=False, timeout=10) as client:
        await running.start(run="first")
        stranger.answers = [503] * 100
        await client.put(f"/shops/{NAME}", json=shop | {"rate_per_minute": 600})
        await until(lambda: len(stranger.of("#1003")) > 0)
        await running.end(signal.SIGKILL)
        await running.start(run="first")
        before = len(stranger.taken)
        await until(lambda: len(stranger.taken) > before)
        await running.end(signal.SIGKILL)

        await running.start(run="second")
        stranger.taken.clear()
        kept = (await client.get(f"/shops/{NAME}")).json()
        assert (kept["is_open"], kept["pending_deliveries"] > 0) == (False, True)
        refused = await client.post(f"/shops/{NAME}/orders", json={})
        assert (refused.status_code, "rests" in refused.text) == (409, True)
        here = receivers.by_name["here"] = Receiver(url=f"{receivers.url}/here")
        await client.put(f"/shops/{NAME}", json=shop | {"webhook_url": here.url})
        await until(lambda: len(here.taken) >= kept["pending_deliveries"])
        assert (await client.get(f"/shops/{NAME}")).json()["orders"] == kept["orders"]
        assert stranger.taken == []
        await running.end(signal.SIGKILL)


async def test_it_says_which_setting_is_missing() -> None:
    """Trap 9."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RAPPIT_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "serve", env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()

    assert process.returncode == 78
    for name in ("RAPPIT_METRICS_ADDRESS", "RAPPIT_HTTP_ADDRESS", "RAPPIT_SIMULATOR_FOLDER"):
        assert f"{name} is missing".encode() in said


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
