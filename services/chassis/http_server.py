"""An HTTP server as a part of a process: uvicorn, started and stopped with the others, leaving signals to them."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Generator

import uvicorn
from starlette.types import ASGIApp

# Longer than load balancers keep a connection idle: who closes first must be them.
KEEP_ALIVE_SECONDS = 75
MOST_CONNECTIONS = 4_096
_BACKLOG = 2_048


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class HttpServer:
    """Serves an application on "host:port"; port 0 takes a free one.

    protocol: another class for connections than uvicorn's own.
    on_ready: told whether to be chosen for new work.
    """

    def __init__(
        self,
        app: ASGIApp,
        address: str,
        *,
        protocol: type[asyncio.Protocol] | None = None,
        on_ready: Callable[[bool], None] | None = None,
    ) -> None:
        self._app = app
        self._address = address
        self._protocol = protocol
        self._on_ready = on_ready
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> int:
        """Serve. Returns the port. Raises OSError where it is taken."""
        host, _, port = self._address.rpartition(":")
        listener = socket.create_server((host.strip("[]"), int(port)), backlog=_BACKLOG)
        listener.setblocking(False)
        config = uvicorn.Config(
            self._app,
            http=self._protocol or "httptools",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            # Whoever connects from here could else say who they are by X-Forwarded-For.
            proxy_headers=False,
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
        """Tell the application."""
        if self._on_ready is not None:
            self._on_ready(ready)
