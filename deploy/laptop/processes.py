"""Keeps processes running: starts them, follows their logs, starts those that die again, stops all in order."""

import asyncio
import contextlib
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from laptop.follow import Event, Events, LogFile
from laptop.program import CannotStart, Program

RUNNING = "running"
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 30.0
_LOOK_SECONDS = 0.1


class Part(Protocol):
    """What can be kept running. `start` blocks until it is ready, and raises CannotStart."""

    @property
    def name(self) -> str:
        """What it is called in messages and tests."""

    @property
    def program(self) -> Program:
        """Its process."""

    def start(self) -> None:
        """Start it, and return when it is ready."""

    def stop(self) -> None:
        """Stop it cleanly."""


class Process:
    """A part that is kept running, as operators and tests see it."""

    def __init__(self, part: Part) -> None:
        self.name = part.name
        self.part = part
        self.state = "waiting"
        self.restarts = 0
        self.starting: asyncio.Future[None] | None = None
        self._ready = asyncio.Event()
        self.may_start = asyncio.Event()
        self.may_start.set()

    @property
    def pid(self) -> int:
        """Its process id, another one after each restart."""
        return self.part.program.pid

    @property
    def log(self) -> Path:
        """Where it writes."""
        return self.part.program.log

    def becomes(self, state: str) -> None:
        """Note its state, in words."""
        self.state = state
        if state == RUNNING:
            self._ready.set()
        else:
            self._ready.clear()

    def kill(self) -> None:
        """SIGKILL; it is started again after a moment."""
        self.becomes("killed")
        self.part.program.kill()

    async def kill_for(self, seconds: float) -> None:
        """SIGKILL, and leave it down for so long; returns when it is ready again."""
        self.may_start.clear()
        self.kill()
        await asyncio.sleep(seconds)
        self.may_start.set()
        await self.running()

    def pause(self) -> None:
        """SIGSTOP: it lives and does nothing, and is not started again."""
        self.part.program.pause()

    def resume(self) -> None:
        """SIGCONT after `pause`."""
        self.part.program.resume()

    async def running(self, seconds: float = 60.0) -> None:
        """Wait until it is ready (again). Raises TimeoutError."""
        await asyncio.wait_for(self._ready.wait(), seconds)


class Processes:
    """All processes of one system. `stop` stops the last started group first.

    first_pause: seconds before one that ended is started again; twice as long after each time that follows soon.
    """

    def __init__(self, first_pause: float = 0.5) -> None:
        self._first_pause = first_pause
        self._stopped = False
        self._groups: list[list[Process]] = []
        self._keepers: list[asyncio.Task[None]] = []
        self._logs: list[LogFile] = []
        self._readers: list[Events] = []
        self._follower: asyncio.Task[None] | None = None
        # As many as there may be parts: one that starts slowly must not keep another from being stopped.
        self._threads = ThreadPoolExecutor(max_workers=32, thread_name_prefix="process")

    def __getitem__(self, name: str) -> Process:
        return next(process for group in self._groups for process in group if process.name == name)

    def states(self) -> list[tuple[str, str]]:
        """Each process with its state in words; "running" for one that is as it should be."""
        return [(process.name, process.state) for group in self._groups for process in group]

    def events(self) -> Events:
        """What is logged from now on. Several readers each get all of it."""
        reader = Events()
        self._readers.append(reader)
        return reader

    async def start(self, parts: Sequence[Part], *, follow: bool = True) -> None:
        """Start these side by side, and keep them running from now on. Raises the first CannotStart."""
        group = [Process(part) for part in parts]
        self._groups.append(group)
        if follow:
            self._logs += [LogFile(part.name, part.program.log) for part in parts]
            self._follower = self._follower or asyncio.create_task(self._follow())
        await asyncio.gather(*(self._start(process) for process in group))
        self._keepers += [asyncio.create_task(self._keep(process)) for process in group]

    async def stop(self) -> None:
        """Stop all, the last group first; whatever is being started is stopped too. A second time does nothing."""
        if self._stopped:
            return
        self._stopped = True
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for group in reversed(self._groups):
            await asyncio.gather(*(self._stop(process) for process in group))
            self._publish()
        if self._follower is not None:
            self._follower.cancel()
            await asyncio.gather(self._follower, return_exceptions=True)
        for reader in self._readers:
            reader.add(None)
        self._threads.shutdown()

    async def _start(self, process: Process) -> None:
        process.becomes("starting")
        # In a thread of its own, which goes on when we are cancelled; `stop` knows it by `starting`.
        process.starting = asyncio.get_running_loop().run_in_executor(self._threads, process.part.start)
        try:
            await asyncio.shield(process.starting)
        except CannotStart:
            process.becomes("did not start")
            raise
        process.becomes(RUNNING)

    async def _stop(self, process: Process) -> None:
        process.becomes("stopping")
        while process.starting is not None and not process.starting.done():
            with contextlib.suppress(ProcessLookupError):
                process.part.program.ask_to_stop()
            await asyncio.wait([process.starting], timeout=_LOOK_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            await asyncio.get_running_loop().run_in_executor(self._threads, process.part.stop)
        process.becomes("stopped")

    async def _keep(self, process: Process) -> None:
        """Start it again whenever it ends; after a longer pause each time, unless it ran for a while."""
        clock = asyncio.get_running_loop().time
        failures, began = 0, clock()
        while True:
            if process.part.program.is_running():
                await asyncio.sleep(_LOOK_SECONDS)
                continue
            failures = 1 if clock() - began > STEADY_SECONDS else failures + 1
            pause = min(LONGEST_PAUSE, self._first_pause * 2 ** (failures - 1))
            ending = in_words(process.part.program.exit_status)
            process.becomes(f"{ending}, starts again in {pause:g} s")
            self._tell("process ended", process, how=ending, pause_seconds=pause)
            await asyncio.sleep(pause)
            await process.may_start.wait()
            process.restarts += 1
            began = clock()
            try:
                await self._start(process)
            except CannotStart as refused:
                self._tell("process did not start", process, error=refused.reason)
            else:
                self._tell("process started again", process, restarts=process.restarts)

    async def _follow(self) -> None:
        while True:
            self._publish()
            await asyncio.sleep(_LOOK_SECONDS)

    def _publish(self) -> None:
        for log in self._logs:
            for event in log.read():
                self._add(event)

    def _tell(self, event: str, process: Process, **facts: object) -> None:
        self._add({"event": event, "service": process.name, "time": datetime.now(UTC).isoformat(), **facts})

    def _add(self, event: Event) -> None:
        for reader in self._readers:
            reader.add(event)


def in_words(exit_status: int | None) -> str:
    """How a process ended."""
    if exit_status is None:
        return "never started"
    return f"ended with {exit_status}" if exit_status >= 0 else f"ended by {signal.Signals(-exit_status).name}"
