"""uvicorn as a part of the process: it starts and stops with the other parts, and leaves signals to them."""

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class HttpServer:
    """Serves an application on "host:port"; port 0 takes a free one."""

    def __init__(self, app: ASGIApp, address: str) -> None:
        self._app = app
        self._address = address
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> int:
        """Serve. Returns the port. Raises OSError where it is taken."""
        host, _, port = self._address.rpartition(":")
        listener = socket.create_server((host.strip("[]"), int(port)))
        listener.setblocking(False)
        config = uvicorn.Config(
            self._app, http="httptools", ws="none", lifespan="off", access_log=False, log_config=None
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve([listener]))
        bound: int = listener.getsockname()[1]
        return bound

    async def stop(self, grace: float) -> None:
        """Take no new connections; return when the requests under way are answered, after `grace` seconds at most."""
        if self._server is not None and self._serving is not None:
            self._server.config.timeout_graceful_shutdown = max(1, int(grace))
            self._server.should_exit = True
            await self._serving

    def set_ready(self, ready: bool) -> None:
        """Nobody chooses between simulators."""
