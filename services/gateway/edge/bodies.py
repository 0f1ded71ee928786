"""Reading bodies: to a limit each, to a limit in all, and in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chassis.errors import UnavailableForNow
from gateway.edge.visits import Visit
from gateway.errors import BodyTooLarge, BodyTooSlow


class ClientLeft(Exception):
    """The client closed the connection before its body was whole. Nobody waits for an answer."""


class Bodies:
    """What bodies hold of this process's memory, all requests together."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._held = 0

    @property
    def held(self) -> int:
        """Bytes of bodies in memory now."""
        return self._held

    @asynccontextmanager
    async def read(self, visit: Visit, *, most_bytes: int, seconds: float) -> AsyncIterator[bytes]:
        """The body, held until the block is left. Raises BodyTooLarge, BodyTooSlow, UnavailableForNow, ClientLeft."""
        length = visit.header(b"content-length")
        if length.isdigit() and int(length) > most_bytes:
            raise BodyTooLarge(most_bytes)
        try:
            try:
                async with asyncio.timeout(seconds):
                    body = await self._receive(visit, most_bytes)
            except TimeoutError as error:
                raise BodyTooSlow from error
            yield body
        finally:
            self._held -= visit.received

    async def _receive(self, visit: Visit, most_bytes: int) -> bytes:
        chunks = []
        more = True
        while more:
            message = await visit.receive()
            if message["type"] == "http.disconnect":
                raise ClientLeft
            chunk = message.get("body", b"")
            visit.received += len(chunk)
            self._held += len(chunk)
            if visit.received > most_bytes:
                raise BodyTooLarge(most_bytes)
            if self._held > self._most_bytes:
                raise UnavailableForNow("gateway")
            chunks.append(chunk)
            more = message.get("more_body", False)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)
