import asyncio
from collections.abc import Iterable

import pytest
from starlette.types import Message

from chassis.errors import UnavailableForNow
from gateway.edge.bodies import Bodies, ClientLeft
from gateway.edge.visits import Visit
from gateway.errors import BodyTooLarge


def visit(*chunks: bytes | None, headers: Iterable[tuple[bytes, bytes]] = ()) -> Visit:
    """A request whose body comes in chunks; None is a client that leaves."""
    coming = list(chunks)

    async def receive() -> Message:
        if not coming:
            await asyncio.Event().wait()
        chunk = coming.pop(0)
        if chunk is None:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": chunk, "more_body": len(chunks) > 1 and chunk != b""}

    return Visit({"headers": list(headers)}, receive)


async def read(bodies: Bodies, request: Visit) -> bytes:
    async with bodies.read(request, most_bytes=10) as body:
        return body


async def test_a_body_is_held_until_its_block_ends() -> None:
    bodies = Bodies(100)
    async with bodies.read(visit(b"12345", b"67890", b""), most_bytes=10) as body:
        assert (body, bodies.held) == (b"1234567890", 10)
    assert bodies.held == 0


async def test_a_body_past_its_limit_is_refused_by_its_length_or_when_it_gets_there() -> None:
    bodies = Bodies(100)
    for request in (
        visit(b"", headers=[(b"content-length", b"11")]),
        visit(b"12345678901"),
        visit(b"1234567890", b"1"),
    ):
        with pytest.raises(BodyTooLarge):
            await read(bodies, request)
        assert bodies.held == 0


async def test_bodies_have_a_limit_together() -> None:
    """503: the store sends it again."""
    bodies = Bodies(15)
    async with bodies.read(visit(b"1234567890"), most_bytes=10):
        with pytest.raises(UnavailableForNow):
            await read(bodies, visit(b"123456"))
        assert bodies.held == 10
        assert await read(bodies, visit(b"12345")) == b"12345"
    assert bodies.held == 0


async def test_a_client_that_leaves_takes_its_body_along() -> None:
    bodies = Bodies(100)
    with pytest.raises(ClientLeft):
        await read(bodies, visit(b"123", None))
    assert bodies.held == 0
