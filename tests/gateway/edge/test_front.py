import asyncio
import json
from typing import Any

import pytest

from tests.gateway.conftest import Served, serving
from tests.gateway.neighbours import Neighbours
from tests.gateway.raw_http import connection
from tests.given.log_lines import LogLines
from tests.given.waiting import until

ORDER = "/v1/orders/0192f3a4-0000-7000-8000-000000000001"


@pytest.mark.parametrize("path", ["/health/live", "/v1/nothing", ORDER, "/webhooks/shopify/x"])
async def test_every_answer_has_the_headers_of_all(gateway: Served, path: str) -> None:
    headers = (await gateway.http.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["strict-transport-security"].startswith("max-age=63072000")
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["traceparent"].startswith("00-")
    assert headers["x-request-id"]
    assert "server" not in headers


async def test_a_request_id_is_kept_where_it_is_one(gateway: Served) -> None:
    kept = await gateway.http.get("/health/live", headers={"X-Request-Id": "0192f3a4-abc.DEF_9"})
    assert kept.headers["x-request-id"] == "0192f3a4-abc.DEF_9"
    assert gateway.log[-1]["request_id"] == "0192f3a4-abc.DEF_9"

    bad_ids: list[Any] = ["short", "x" * 65, 'a"b{c}d\\e', b"\xff" * 10, "with space"]
    for bad in bad_ids:
        other = await gateway.http.get("/health/live", headers={"X-Request-Id": bad})
        assert other.headers["x-request-id"] == other.headers["traceparent"].split("-")[1]


@pytest.mark.parametrize(
    "sent", ["nonsense", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", "ff-" + "1" * 32 + "-" + "2" * 16 + "-01"]
)
async def test_a_trace_that_is_none_is_not_gone_on_with(gateway: Served, sent: str) -> None:
    answer = await gateway.http.get("/health/live", headers={"traceparent": sent})

    assert answer.headers["traceparent"] != sent
    assert answer.headers["traceparent"].split("-")[1] != "1" * 32


async def test_the_access_log_tells_what_was_asked_and_nothing_that_people_wrote(
    gateway: Served, neighbours: Neighbours
) -> None:
    person = neighbours.sign_in()
    secrets = ["sara@example.com", "a long walk to the souq", person.token, "idempotency-7", "a+note", "wanderer"]
    headers = {**person.headers, "Idempotency-Key": "idempotency-7", "Cookie": "wanderer", "User-Agent": "wanderer"}

    await gateway.http.post("/v1/sessions", json={"email": secrets[0], "password": secrets[1]}, headers=headers)
    await gateway.http.get("/v1/orders?query=a%2Bnote&query=a+note", headers=headers)
    await gateway.http.get("/v1/orders/sara@example.com", headers=headers)
    await gateway.http.get("/nothing/sara@example.com", headers=headers)
    await gateway.http.request("DELETE", f"/v1/orders/{person.token}:cancel", headers=headers)

    lines = gateway.log[-5:]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("POST", "/v1/sessions", 200),
        ("GET", "/v1/orders", 400),
        ("GET", "/v1/orders/{order_id}", 400),
        ("GET", "", 404),
        ("DELETE", "/v1/orders/{order_id}:cancel", 405),
    ]
    assert lines[0]["rpc"] == "rappit.identity.v1.SessionService/SignIn"
    assert lines[0]["received"] > 0
    assert lines[0]["milliseconds"] > 0
    assert {line["event"] for line in lines} == {"request served"}
    assert [secret for secret in secrets if secret in gateway.stream.getvalue()] == []


async def test_a_fault_of_ours_is_a_500_that_tells_its_id_alone(
    gateway: Served, neighbours: Neighbours, log_lines: LogLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> bytes:
        raise ValueError("rows of the database")

    monkeypatch.setattr("gateway.rest.transcode.write_message", fail)
    answer = await gateway.http.get(ORDER, headers=neighbours.sign_in().headers)

    (line,) = log_lines.of("internal fault")
    assert (answer.status_code, answer.json()["reason"]) == (500, "INTERNAL_FAULT")
    assert answer.json()["metadata"] == {"error_id": line["error_id"]}
    assert "rows of the database" not in answer.text
    assert "rows of the database" in line["exception"]
    assert line["trace_id"] == answer.json()["traceId"]


async def test_a_client_that_leaves_is_noted_and_harms_nobody(gateway: Served, log_lines: LogLines) -> None:
    async with connection(gateway.port) as client:
        await client.send(b"POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{")
        await until(lambda: gateway.parts.front.under_way)
    await until(lambda: gateway.log)

    assert (gateway.log[-1]["event"], gateway.log[-1]["status"]) == ("client left", 499)
    assert log_lines.of("internal fault") == []


async def test_more_at_once_than_can_be_served_are_refused(
    gateway: Served, neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway.parts.front, "_most_at_once", 1)
    waiting = asyncio.Event()

    async def answer(_: object) -> object:
        await waiting.wait()
        raise AssertionError

    neighbours.answers["rappit.orders.v1.OrderService/GetOrder"] = answer  # type: ignore[assignment]
    person = neighbours.sign_in()
    first = asyncio.create_task(gateway.http.get(ORDER, headers=person.headers))
    await until(lambda: neighbours.seen("GetOrder"))

    second = await gateway.http.get(ORDER, headers=person.headers)
    waiting.set()
    await first

    assert (second.status_code, second.headers["retry-after"]) == (503, "1")


async def test_who_is_being_answered_at_the_end_gets_the_answer_and_the_connection_ends(
    own_neighbours: Neighbours,
) -> None:
    """Trap 39, the gateway's part."""
    person = own_neighbours.sign_in()
    go_on = asyncio.Event()
    plain = own_neighbours.answers["rappit.identity.v1.TokenService/ExchangeToken"]

    async def late(request: object) -> object:
        await go_on.wait()
        return plain(request)

    own_neighbours.answers["rappit.identity.v1.TokenService/ExchangeToken"] = late  # type: ignore[assignment]
    async with serving(own_neighbours) as gateway, connection(gateway.port) as idle, connection(gateway.port) as client:
        await idle.send(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
        assert (await idle.answer())[1].get("connection") is None
        request = f"GET /v1/orders HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {person.token}\r\n\r\n"
        await client.send(request.encode())
        await until(lambda: own_neighbours.seen("ExchangeToken"))

        gateway.server.set_ready(False)
        await idle.send(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n")
        assert (await idle.answer())[1]["connection"] == "close"
        stopping = asyncio.create_task(gateway.server.stop(grace=20))
        go_on.set()

        status, headers, body = await client.answer()
        assert (status, headers["connection"]) == (200, "close")
        assert json.loads(body) == {"orders": [], "nextPageToken": ""}
        assert await client.ends()
        await stopping
        with pytest.raises(OSError, match="Connect call failed"):
            await asyncio.open_connection("127.0.0.1", gateway.port)
