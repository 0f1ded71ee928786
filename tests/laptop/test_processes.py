import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from laptop.follow import Events
from laptop.processes import Processes
from laptop.program import CannotStart
from laptop.waiting import wait_until
from tests.laptop.conftest import MakeShop


@pytest.fixture
async def processes() -> AsyncIterator[Processes]:
    processes = Processes(first_pause=0.05)
    yield processes
    await processes.stop()


async def next_event(events: Events, name: str) -> dict[str, Any]:
    async with asyncio.timeout(20):
        async for event in events:
            if event["event"] == name:
                return dict(event)
    raise AssertionError(f"the events ended without {name!r}")


async def test_one_that_dies_is_started_again_and_it_is_said(processes: Processes, make_shop: MakeShop) -> None:
    await processes.start([make_shop("first"), make_shop("second")])
    events = processes.events()
    first, second = processes["first"], processes["second"]
    before = first.pid, second.pid
    first.kill()
    assert (await next_event(events, "process ended"))["how"] == "ended by SIGKILL"
    await first.running()
    assert (await next_event(events, "process started again"))["service"] == "first"
    assert first.pid != before[0]
    assert first.restarts == 1
    assert (second.pid, second.restarts) == (before[1], 0)


async def test_one_that_dies_again_and_again_is_started_after_longer_pauses(
    processes: Processes, make_shop: MakeShop
) -> None:
    await processes.start([make_shop()])
    events = processes.events()
    pauses = []
    for _ in range(3):
        processes["shop"].kill()
        ended = await next_event(events, "process ended")
        assert processes.states() == [("shop", f"ended by SIGKILL, starts again in {ended['pause_seconds']:g} s")]
        pauses.append(ended["pause_seconds"])
        await processes["shop"].running()
    assert pauses == [0.05, 0.1, 0.2]
    assert processes.states() == [("shop", "running")]


async def test_what_was_started_last_is_stopped_first(processes: Processes, make_shop: MakeShop) -> None:
    events = processes.events()
    for name in ("database", "service", "door"):
        await processes.start([make_shop(name)])
    await processes.stop()
    stopped = [event["service"] async for event in events if event["event"] == "stopped"]
    assert stopped == ["door", "service", "database"]


async def test_what_a_library_prints_is_an_event_too(processes: Processes, make_shop: MakeShop) -> None:
    events = processes.events()
    await processes.start([make_shop()])
    with processes["shop"].log.open("a") as log:
        log.write('Warning: not JSON\n{"event": "half')
        log.flush()
        assert await next_event(events, "printed") == {
            "event": "printed",
            "service": "shop",
            "line": "Warning: not JSON",
        }
        log.write(' written", "service": "shop"}\n')
    assert await next_event(events, "half written")


async def test_a_failed_start_leaves_nothing_running(processes: Processes, make_shop: MakeShop, tmp_path: Path) -> None:
    slow = make_shop("slow", ready=False)
    with pytest.raises(CannotStart, match="sick did not start"):
        await processes.start([slow, make_shop("sick", refuses="no disk")])
    async with asyncio.timeout(10):
        await processes.stop()
    assert not slow.program.is_running()
    assert processes.states() == [("slow", "stopped"), ("sick", "stopped")]


async def test_one_that_comes_to_life_while_it_is_being_stopped_is_stopped(
    processes: Processes, make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, prepared = make_shop(ready=False), threading.Event()
    start = shop.program.start
    monkeypatch.setattr(shop.program, "start", lambda: (prepared.wait(10), start()))
    starting = asyncio.create_task(processes.start([shop]))
    await asyncio.to_thread(wait_until, lambda: processes.states() == [("shop", "starting")], 10)
    async with asyncio.timeout(10):
        stopping = asyncio.create_task(processes.stop())
        await asyncio.to_thread(wait_until, lambda: processes.states() == [("shop", "stopping")], 10)
        prepared.set()
        await stopping
    with pytest.raises(CannotStart):
        await starting
    assert not shop.program.is_running()


async def test_a_paused_one_is_left_alone_and_can_be_stopped(processes: Processes, make_shop: MakeShop) -> None:
    shop = make_shop()
    await processes.start([shop])
    processes["shop"].pause()
    async with asyncio.timeout(10):
        await processes.stop()
    assert shop.program.exit_status == 0
    assert processes["shop"].restarts == 0
