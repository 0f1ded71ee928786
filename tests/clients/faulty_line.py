"""A line to a server that loses answers: what is asked arrives, what is answered does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FaultyLine:
    """Forwards to a port. `lose`: how many connections are still to be cut as their answer comes."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.port = 0
        self.lose = 0
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection came."""
        connection = asyncio.create_task(self._connect(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def close(self) -> None:
        """End what is open."""
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._target)
        asking = asyncio.create_task(_pass_on(reader, server_writer))
        try:
            while answered := await server_reader.read(65536):
                if self.lose:
                    self.lose -= 1
                    return
                writer.write(answered)
                await writer.drain()
        finally:
            asking.cancel()
            for end in (writer, server_writer):
                end.close()
            await asyncio.gather(
                asking, *(end.wait_closed() for end in (writer, server_writer)), return_exceptions=True
            )


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while asked := await reader.read(65536):
        writer.write(asked)
        await writer.drain()


@asynccontextmanager
async def faulty_line(port: int) -> AsyncIterator[FaultyLine]:
    """A line to the server at this port."""
    line = FaultyLine(port)
    server = await asyncio.start_server(line.take, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    async with server:
        yield line
        await line.close()
