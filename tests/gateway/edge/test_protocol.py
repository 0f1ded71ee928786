import asyncio
import json

import pytest

from gateway.edge import protocol
from tests.gateway.conftest import Served
from tests.gateway.raw_http import connection

GET = b"GET /health/live HTTP/1.1\r\nhost: x\r\n"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(protocol, "BODY_SECONDS", 0.1)


@pytest.mark.parametrize("headers", [b"x: " + b"y" * 40_000, b"\r\n".join(b"x-%d: y" % n for n in range(5_000))])
async def test_a_head_past_the_limit_is_a_431(gateway: Served, headers: bytes) -> None:
    async with connection(gateway.port) as client:
        await client.send(GET + headers + b"\r\n\r\n")
        status, answered, body = await client.answer()

        assert (status, answered["content-type"]) == (431, "application/problem+json")
        assert json.loads(body)["reason"] == "HEADERS_TOO_LARGE"
        assert await client.ends()


async def test_a_head_without_end_is_cut_off(gateway: Served) -> None:
    """One header whose value never ends would else be collected without limit."""
    async with connection(gateway.port) as client:
        await client.send(GET + b"x: ")
        for _ in range(40):
            await client.send(b"y" * 1_024)
        assert (await client.answer())[0] == 431


async def test_a_head_within_the_limit_is_taken_in_pieces(gateway: Served) -> None:
    async with connection(gateway.port) as client:
        for piece in (GET[:5], GET[5:], b"x: " + b"y" * 20_000, b"\r\n\r\n"):
            await client.send(piece)
            await asyncio.sleep(0)
        assert (await client.answer())[0] == 200
        await client.send(GET + b"\r\n")
        assert (await client.answer())[0] == 200


@pytest.mark.parametrize("sent", [b"", b"GET /health/live HTTP/1.1\r\nhost:", b"G"])
@pytest.mark.usefixtures("impatient")
async def test_who_never_finishes_a_head_is_cut_off(gateway: Served, sent: bytes) -> None:
    async with connection(gateway.port) as client:
        await client.send(sent)
        assert await client.ends()


@pytest.mark.usefixtures("impatient")
async def test_who_keeps_a_connection_is_not_cut_off_but_a_second_head_must_end_too(gateway: Served) -> None:
    async with connection(gateway.port) as client:
        for _ in range(2):
            await client.send(GET + b"\r\n")
            assert (await client.answer())[0] == 200
        await client.send(b"GET /heal")
        assert await client.ends()


@pytest.mark.parametrize("sent", [b"nonsense\r\n\r\n", b"GET /\xff HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00"])
async def test_what_is_no_http_is_a_400(gateway: Served, sent: bytes) -> None:
    async with connection(gateway.port) as client:
        await client.send(sent)
        status, headers, body = await client.answer()

        assert (status, headers["content-type"]) == (400, "application/problem+json")
        assert json.loads(body)["reason"] == "NOT_HTTP"


async def test_a_body_that_was_refused_is_read_on_so_that_its_answer_arrives(gateway: Served) -> None:
    length = 2 * 1024 * 1024
    async with connection(gateway.port) as client:
        await client.send(b"POST /webhooks/shopify/x HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % length)
        await client.send(b"x" * length)
        assert (await client.answer())[0] == 413
        await client.send(GET + b"\r\n")
        assert (await client.answer())[0] == 200


@pytest.mark.usefixtures("impatient")
async def test_a_body_that_does_not_come_is_cut_off(gateway: Served) -> None:
    for sent in (b"", b"{"):
        async with connection(gateway.port) as client:
            await client.send(b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n" + sent)
            assert await client.ends()


@pytest.mark.usefixtures("impatient")
async def test_a_refused_body_that_does_not_end_is_cut_off(gateway: Served) -> None:
    async with connection(gateway.port) as client:
        await client.send(b"POST /webhooks/shopify/x HTTP/1.1\r\nhost: x\r\ncontent-length: 90000000\r\n\r\n")
        assert (await client.answer())[0] == 413
        assert await client.ends()


async def test_a_refused_body_is_read_on_to_a_limit(gateway: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "MOST_UNWANTED_BYTES", 10_000)
    async with connection(gateway.port) as client:
        await client.send(b"POST /webhooks/shopify/x HTTP/1.1\r\nhost: x\r\ncontent-length: 90000000\r\n\r\n")
        assert (await client.answer())[0] == 413
        await client.send(b"x" * 20_000)
        assert await client.ends()
