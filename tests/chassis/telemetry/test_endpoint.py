"""What is asked about a process over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from chassis.telemetry.endpoint import Endpoint


class Asked:
    """An endpoint, and whether its process is ready."""

    def __init__(self) -> None:
        self.ready = False
        self.endpoint = Endpoint("127.0.0.1:0", lambda: self.ready)
        self.port = 0

    async def send(self, raw: bytes) -> str:
        """The answer to these bytes, until the endpoint closes the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(raw)
        answer = await reader.read()
        writer.close()
        return answer.decode()

    async def get(self, path: str) -> str:
        return await self.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


@pytest.fixture
async def asked() -> AsyncIterator[Asked]:
    """A served endpoint."""
    served = Asked()
    served.port = await served.endpoint.start()
    yield served
    await served.endpoint.close()


async def test_a_process_whose_loop_turns_is_live(asked: Asked) -> None:
    assert (await asked.get("/health/live")).startswith("HTTP/1.1 200 OK")


async def test_a_process_is_ready_when_it_is(asked: Asked) -> None:
    assert (await asked.get("/health/ready")).startswith("HTTP/1.1 503")
    asked.ready = True
    assert (await asked.get("/health/ready")).startswith("HTTP/1.1 200")


async def test_metrics_are_in_the_form_that_prometheus_reads(asked: Asked) -> None:
    answer = await asked.get("/metrics")

    assert answer.startswith("HTTP/1.1 200")
    assert "# TYPE rpc_server_call_duration_seconds histogram" in answer
    assert "# TYPE event_loop_lag_seconds gauge" in answer
    assert "process_resident_memory_bytes" in answer


@pytest.mark.parametrize(
    "raw",
    [b"GET / HTTP/1.1\r\n\r\n", b"POST /metrics HTTP/1.1\r\n\r\n", b"nonsense\r\n\r\n", b"GET /metrics\r\n\r\n"],
)
async def test_anything_else_is_not_found(asked: Asked, raw: bytes) -> None:
    assert (await asked.send(raw)).startswith("HTTP/1.1 404")


async def test_a_head_without_end_is_cut_off(asked: Asked) -> None:
    with suppress(ConnectionResetError):
        assert await asked.send(b"x" * 200_000) == ""

    assert (await asked.get("/health/live")).startswith("HTTP/1.1 200")
