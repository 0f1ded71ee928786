"""A process starts from its first part to its last, and ends in the reverse of that order."""

import asyncio
import json
import os
import signal
import sys
import urllib.error
import urllib.request
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from chassis.process import FAILED


class Started:
    """A started process and what it has said so far."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.said: list[str] = []

    async def until(self, holds: Callable[[list[str]], object]) -> None:
        """Read on until this holds for what was said; fails at the end of it."""
        assert self.process.stdout is not None
        while not holds(self.said):
            line = await self.process.stdout.readline()
            assert line, f"it ended after {self.said}"
            self.said.append(line.decode().strip())

    async def end(self) -> int:
        """Read to the end; its exit code."""
        assert self.process.stdout is not None
        self.said += (await self.process.stdout.read()).decode().splitlines()
        return await self.process.wait()

    @property
    def log(self) -> dict[str, dict[str, object]]:
        """Its log, by event."""
        lines = [json.loads(text) for text in self.said if text.startswith("{")]
        return {line["event"]: line for line in lines}

    @property
    def told(self) -> list[str]:
        """What its parts said."""
        return [text for text in self.said if not text.startswith("{")]


@asynccontextmanager
async def started(wrong: str, drain_seconds: float = 0) -> AsyncIterator[Started]:
    """The small process, with this going wrong."""
    environment = {
        **os.environ,
        "RAPPIT_METRICS_ADDRESS": "127.0.0.1:0",
        "RAPPIT_DRAIN_SECONDS": str(drain_seconds),
    }
    command = [sys.executable, "-m", "tests.given.small_process", wrong]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, env=environment)
    try:
        yield Started(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def serving(said: list[str]) -> bool:
    return any('"event": "serving"' in line for line in said)


async def test_told_to_stop_it_ends_in_reverse() -> None:
    async with started("nothing") as small:
        await small.until(serving)
        small.process.send_signal(signal.SIGTERM)
        code = await small.end()

    told = [text for text in small.told if not text.startswith("metrics")]
    assert code == 0
    assert set(told[:4]) == {"relay runs", "consumer runs", "server starts", "server is ready"}
    assert [text for text in told[4:] if text != "server is not ready"] == [
        "server stops",
        "consumer finishes",
        "relay finishes",
        "pool closes",
    ]
    assert told.index("server is not ready") < told.index("server stops")
    assert small.log["stopped"]["failed"] is None


async def test_while_it_drains_it_is_not_chosen_any_more_but_serves() -> None:
    async with started("nothing", drain_seconds=60) as small:
        await small.until(serving)
        (port,) = [text.split()[-1] for text in small.told if text.startswith("metrics")]
        assert await status(port, "ready") == 200
        small.process.send_signal(signal.SIGTERM)
        await small.until(lambda said: "server is not ready" in said)
        ready, live = await status(port, "ready"), await status(port, "live")

    assert (ready, live) == (503, 200)
    assert "server stops" not in small.said


@pytest.mark.parametrize("wrong", ["part-fails", "part-returns"])
async def test_a_part_that_ends_by_itself_ends_the_process_by_its_name(wrong: str) -> None:
    async with started(wrong, drain_seconds=60) as small:
        code = await small.end()

    assert code == FAILED
    assert small.log["part failed"]["part"] == "consumer"
    assert ("row 17 is broken" in str(small.log["part failed"].get("exception"))) == (wrong == "part-fails")
    assert small.told[-2:] == ["relay finishes", "pool closes"]


async def test_a_part_that_does_not_stop_holds_up_nobody_for_ever() -> None:
    async with started("part-hangs") as small:
        await small.until(serving)
        small.process.send_signal(signal.SIGTERM)
        await small.end()

    assert small.log["part does not stop"]["part"] == "consumer"
    assert small.told[-2:] == ["relay finishes", "pool closes"]


async def test_told_to_stop_while_it_starts_it_lets_go_of_what_it_has() -> None:
    async with started("start-waits") as small:
        await small.until(lambda said: "waiting" in said)
        small.process.send_signal(signal.SIGTERM)
        code = await small.end()

    assert code == 0
    assert small.told[-1] == "pool closes"
    assert "server starts" not in small.told


async def test_a_start_that_fails_ends_the_process_and_says_why() -> None:
    async with started("start-fails") as small:
        code = await small.end()

    assert code == FAILED
    assert "topics are missing" in str(small.log["process failed"]["exception"])
    assert small.told[-1] == "pool closes"


async def test_something_that_does_not_close_well_is_named() -> None:
    async with started("close-fails") as small:
        await small.until(serving)
        small.process.send_signal(signal.SIGINT)
        code = await small.end()

    assert code == FAILED
    assert small.log["part did not end well"]["part"] == "pool"


async def test_it_is_ready_only_while_the_database_answers() -> None:
    async with started("database-away") as small:
        await small.until(lambda said: said.count("server is ready") == 2)
        small.process.send_signal(signal.SIGTERM)
        await small.end()

    told = [text for text in small.told if "ready" in text]
    assert told[:4] == ["server is ready", "server is not ready", "server is not ready", "server is ready"]
    assert "database is away" in str(small.log["not ready"]["problem"])
    assert "ready again" in small.log


async def status(port: str, page: str) -> int:
    """The status code of a health page."""

    def ask() -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/{page}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    return await asyncio.to_thread(ask)
