"""A small HTTP server that answers as a test says, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class CannedHttp:
    """`answers`: path -> (status, body, further header lines). `meanwhile`: what happens before an answer."""

    meanwhile: Callable[[], Awaitable[None]] | None = None
    answers: dict[str, tuple[int, bytes, str]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    address: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request per connection."""
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        path = first.split(" ")[1]
        self.asked.append((path, {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}))
        if self.meanwhile:
            await self.meanwhile()
        status, body, headers = self.answers.get(path, (404, b"", ""))
        head = f"HTTP/1.1 {status} Any\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def canned_http() -> AsyncIterator[CannedHttp]:
    """Serve until the block ends."""
    canned = CannedHttp()
    server = await asyncio.start_server(canned.serve, "127.0.0.1", 0)
    canned.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield canned
