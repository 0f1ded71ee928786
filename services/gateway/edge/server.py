"""uvicorn inside this process: it starts and stops with the other parts, and leaves signals to them."""

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn

from gateway.edge.front import Front
from gateway.edge.protocol import LimitedProtocol

# Longer than load balancers keep a connection idle: who closes first must be them.
KEEP_ALIVE_SECONDS = 75
MOST_CONNECTIONS = 4_096
_BACKLOG = 2_048


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class HttpServer:
    """Serves the application on "host:port"; port 0 takes a free one."""

    def __init__(self, app: Front, address: str) -> None:
        self._app = app
        self._address = address
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> int:
        """Serve. Returns the port. Raises OSError where it is taken."""
        host, _, port = self._address.rpartition(":")
        listener = socket.create_server((host.strip("[]"), int(port)), backlog=_BACKLOG)
        listener.setblocking(False)
        config = uvicorn.Config(
            self._app,
            http=LimitedProtocol,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            limit_concurrency=MOST_CONNECTIONS,
            backlog=_BACKLOG,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve([listener]))
        bound: int = listener.getsockname()[1]
        return bound

    async def stop(self, grace: float) -> None:
        """Take no new connections; return when the requests under way are answered, after `grace` seconds at most."""
        if self._server is not None and self._serving is not None and not self._server.should_exit:
            self._server.config.timeout_graceful_shutdown = max(1, int(grace))
            self._server.should_exit = True
            await self._serving

    def set_ready(self, ready: bool) -> None:
        """While it is not, connections end with their answers, so that their next request goes elsewhere."""
        self._app.draining = not ready
