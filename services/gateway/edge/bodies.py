"""Reading bodies: to a limit each, and to a limit in all. How long one may take is the protocol's (protocol.py)."""

from types import TracebackType

from chassis.errors import UnavailableForNow
from gateway.edge.visits import Visit
from gateway.errors import BodyTooLarge


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

    def read(self, visit: Visit, *, most_bytes: int) -> "_Body":
        """`async with bodies.read(...) as body`: the body, held until the block is left.

        Raises BodyTooLarge, UnavailableForNow, ClientLeft.
        """
        return _Body(self, visit, most_bytes)

    def release(self, visit: Visit) -> None:
        """Hold what the request received no longer."""
        self._held -= visit.received

    async def receive(self, visit: Visit, most_bytes: int) -> bytes:
        """The body, which counts from now on until `release`."""
        length = visit.header(b"content-length")
        if length.isdigit() and int(length) > most_bytes:
            raise BodyTooLarge(most_bytes)
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


class _Body:
    """Written out: contextlib's costs as much as checking a signature."""

    __slots__ = ("_bodies", "_most_bytes", "_visit")

    def __init__(self, bodies: Bodies, visit: Visit, most_bytes: int) -> None:
        self._bodies = bodies
        self._visit = visit
        self._most_bytes = most_bytes

    async def __aenter__(self) -> bytes:
        try:
            return await self._bodies.receive(self._visit, self._most_bytes)
        except BaseException:
            self._bodies.release(self._visit)
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bodies.release(self._visit)
