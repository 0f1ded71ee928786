"""A process: its parts from the first that is started to the last, and back when it is told to stop.

    async def serve() -> None:
        settings = load(Settings)
        async with Service("inventory", settings) as service:
            database = service.owns("database", await Database.open(...))
            service.ready_when(database.answers)
            service.runs("relay", Relay(...))
            server = RpcServer(...)
            await service.serve(server)

    run("inventory", serve)

At SIGTERM: not ready, a short wait until nobody chooses it any more, the server's last calls, then everything in the
reverse of the order in which it was listed. A part that ends by itself ends the process, which says which part it was.
"""

import asyncio
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import uvloop

from chassis.settings import ProcessSettings
from chassis.telemetry import logs, metrics, traces
from chassis.telemetry.endpoint import Endpoint

FAILED = 1
# Together with drain_seconds below the 45 s after which an orchestrator kills.
GRACE_SECONDS = 20.0
SECONDS_TO_STOP = 10.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_SECONDS_BETWEEN_CHECKS = 1.0
_SECONDS_TO_CHECK = 2.0

log = logs.get_logger()


class Part(Protocol):
    """Something that works in a loop."""

    async def run(self) -> None:
        """Work until told to stop. An exception, or returning without having been told, ends the process."""

    async def stop(self) -> None:
        """Finish what is in hand and make `run` return."""


class Server(Protocol):
    """Something that answers callers."""

    async def start(self) -> int:
        """Begin to answer; the port."""

    async def stop(self, grace: float) -> None:
        """Take no new calls; return when those under way are done, after `grace` seconds at the latest."""

    def set_ready(self, ready: bool) -> None:
        """Tell who asks whether to choose this process."""


class Closes(Protocol):
    """Something that is to be closed."""

    async def close(self) -> None:
        """Let go of it."""


class PartFailed(Exception):
    """A part ended by itself. It is in the log already."""


Owned = TypeVar("Owned", bound=Closes)


def run(service: str, main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a process until its `main` returns; the exit code is not 0 if it did not end well."""
    logs.configure(service)
    try:
        uvloop.run(main())
    except PartFailed:
        sys.exit(FAILED)
    except asyncio.CancelledError:
        log.info("stopped while starting")
    except Exception:
        log.exception("process failed")
        sys.exit(FAILED)


class Service:
    """The parts of a process. Use it as `async with`; what it was given is let go of at the end, last in first out."""

    def __init__(self, name: str, settings: ProcessSettings, *, grace: float = GRACE_SECONDS) -> None:
        self.name = name
        self._settings = settings
        self._grace = grace
        self._parts = AsyncExitStack()
        self._endpoint = Endpoint(settings.metrics_address, lambda: self.ready)
        self._checks: list[Callable[[], Awaitable[object]]] = []
        self._told = asyncio.Event()
        self._main: asyncio.Task[Any] | None = None
        self._server: Server | None = None
        self._serving = False
        self._failed: str | None = None
        self._last_problem = "starting"
        self.ready = False
        self.metrics_port = 0

    async def __aenter__(self) -> Self:
        logs.configure(self.name, level=self._settings.log_level)
        traces.configure(self.name, self._settings.otlp_endpoint, self._settings.trace_share)
        self._main = asyncio.current_task()
        for number in _SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self._tell)
        self._parts.push_async_callback(asyncio.to_thread, traces.flush)
        self.metrics_port = await self._endpoint.start()
        self._parts.push_async_callback(self._endpoint.close)
        self.runs("watch", _Watch(self._check))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._be_unready()
        await self._parts.aclose()
        for number in _SIGNALS:
            asyncio.get_running_loop().remove_signal_handler(number)
        log.info("stopped", failed=self._failed)
        # Cancelled is what `_tell` does to a start.
        if self._failed is not None and (kind is None or issubclass(kind, asyncio.CancelledError)):
            raise PartFailed(self._failed)

    def owns(self, name: str, thing: Owned) -> Owned:
        """Close it at the end."""
        self._parts.push_async_callback(self._within, name, thing.close)
        return thing

    def runs(self, name: str, part: Part) -> None:
        """Run a part from now on; stop it at the end."""
        task = asyncio.get_running_loop().create_task(part.run(), name=name)
        task.add_done_callback(self._part_ended)
        self._parts.push_async_callback(self._stop, name, part, task)

    def ready_when(self, check: Callable[[], Awaitable[object]]) -> None:
        """Be ready only while this returns and does not raise."""
        self._checks.append(check)

    async def serve(self, server: Server) -> None:
        """Serve until told to stop; then drain: unready, wait, let the calls under way end."""
        self._server = server
        port = await server.start()
        self._serving = True
        self._last_problem = ""
        await self._check()
        log.info("serving", port=port, metrics_port=self.metrics_port)
        await self._told.wait()
        log.info("draining", failed=self._failed)
        self._be_unready()
        if self._failed is None:
            await asyncio.sleep(self._settings.drain_seconds)
        await server.stop(self._grace)

    def _tell(self) -> None:
        self._told.set()
        if self._server is None and self._main is not None:
            # Nobody is served yet: whatever the start waits for, it need not come.
            self._main.cancel()

    def _be_unready(self) -> None:
        self._told.set()
        self.ready = False
        if self._server is not None:
            self._server.set_ready(False)

    async def _check(self) -> None:
        """Ask whether all that is needed answers."""
        if not self._serving or self._told.is_set():
            return
        problem = ""
        try:
            async with asyncio.timeout(_SECONDS_TO_CHECK):
                for check in self._checks:
                    await check()
        except Exception as error:  # noqa: BLE001 (whatever it is, it makes the process unready)
            problem = repr(error)
        if self._told.is_set():
            return
        if bool(problem) != bool(self._last_problem):
            log.warning("not ready" if problem else "ready again", problem=problem)
        self._last_problem = problem
        self.ready = not problem
        if self._server is not None:
            self._server.set_ready(self.ready)

    def _part_ended(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if error is None and self._told.is_set():
            return
        self._failed = self._failed or task.get_name()
        metrics.part_failures.labels(task.get_name()).inc()
        log.error("part failed", part=task.get_name(), exc_info=error)
        self._tell()

    async def _stop(self, name: str, part: Part, task: "asyncio.Task[None]") -> None:
        self._told.set()
        if not task.done():
            await self._within(name, part.stop)
            await asyncio.wait([task], timeout=SECONDS_TO_STOP)
        if not task.done():
            log.error("part does not stop", part=name)
            task.cancel()
            await asyncio.wait([task], timeout=SECONDS_TO_STOP)

    async def _within(self, name: str, end: Callable[[], Awaitable[None]]) -> None:
        """End something, but do not let it hold up the others for ever, nor its failure keep them from ending."""
        try:
            async with asyncio.timeout(SECONDS_TO_STOP):
                await end()
        except Exception:
            self._failed = self._failed or name
            log.exception("part did not end well", part=name)


class _Watch:
    """Looks each second whether the process is ready, and how late the loop comes back."""

    def __init__(self, check: Callable[[], Awaitable[None]]) -> None:
        self._check = check
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        while not self._stopping.is_set():
            asked = time.monotonic()
            with suppress(TimeoutError):
                async with asyncio.timeout(_SECONDS_BETWEEN_CHECKS):
                    await self._stopping.wait()
            metrics.loop_lag.set(max(0.0, time.monotonic() - asked - _SECONDS_BETWEEN_CHECKS))
            await self._check()

    async def stop(self) -> None:
        self._stopping.set()
