"""A store that speaks as much of Valkey's protocol (RESP2) as counting needs, on a real socket.

Valkey itself is there where its container is asked for (given/containers.py); what it did when it was tried by hand is
in docs/adr/0006.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PASSWORD = "a-long-walk-to-the-souq"


class RespServer:
    """counts: what it was told to add. seconds: when each key ends. silent: it takes commands and answers none."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.seconds: dict[str, int] = {}
        self.silent = False
        self.asked = 0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                words = []
                for _ in range(int(line[1:])):
                    length = int((await reader.readline())[1:])
                    words.append((await reader.readexactly(length + 2))[:-2].decode())
                if not self.silent:
                    writer.write(self._answer(*words))
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    def _answer(self, verb: str, *words: str) -> bytes:
        if verb == "INCRBY":
            self.asked += 1
            self.counts[words[0]] = self.counts.get(words[0], 0) + 1
            return b":%d\r\n" % self.counts[words[0]]
        if verb == "EXPIRE":
            self.seconds[words[0]] = int(words[1])
            return b":1\r\n"
        if verb == "TTL":
            return b":%d\r\n" % self.seconds[words[0]]
        return b"+OK\r\n"


@asynccontextmanager
async def resp_server() -> AsyncIterator[RespServer]:
    """One that serves."""
    store = RespServer()
    server = await asyncio.start_server(store.serve, "127.0.0.1", 0)
    store.url = f"valkey://:{PASSWORD}@127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield store
