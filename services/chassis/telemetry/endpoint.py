"""What is asked about a process over HTTP: /metrics, /health/live, /health/ready.

Served by the process's own loop, so that an answer to /health/live means that the loop turns. Ready means that the
database answers and that the process was not told to stop; neither the broker nor a peer makes a process unready, for
then one of them would take all others along.
"""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from chassis.telemetry import metrics

_LONGEST_HEAD = 8192
_SECONDS_FOR_HEAD = 5.0
_TEXT = "text/plain; charset=utf-8"


class Endpoint:
    """A server for GET requests, one per connection."""

    def __init__(self, address: str, is_ready: Callable[[], bool]) -> None:
        """address: host:port; port 0 takes a free one."""
        host, _, port = address.rpartition(":")
        self._host, self._port = host.strip("[]"), int(port)
        self._is_ready = is_ready
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Serve. Returns the port."""
        self._server = await asyncio.start_server(self._answer, self._host, self._port, limit=_LONGEST_HEAD)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_SECONDS_FOR_HEAD):
                head = await reader.readuntil(b"\r\n\r\n")
            status, kind, body = self._page(head.split(b"\r\n", 1)[0].decode("latin-1").split(" "))
            writer.write(
                f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, OSError):
            # Nobody who asks for health: there is nothing to answer.
            return
        finally:
            writer.close()

    def _page(self, request_line: list[str]) -> tuple[HTTPStatus, str, bytes]:
        match request_line:
            case ["GET", "/metrics", _]:
                body, kind = metrics.exposition()
                return HTTPStatus.OK, kind, body
            case ["GET", "/health/live", _]:
                return HTTPStatus.OK, _TEXT, b"live\n"
            case ["GET", "/health/ready", _] if self._is_ready():
                return HTTPStatus.OK, _TEXT, b"ready\n"
            case ["GET", "/health/ready", _]:
                return HTTPStatus.SERVICE_UNAVAILABLE, _TEXT, b"not ready\n"
            case _:
                return HTTPStatus.NOT_FOUND, _TEXT, b"no such page\n"
