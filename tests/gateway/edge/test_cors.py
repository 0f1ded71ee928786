from collections.abc import AsyncIterator

import pytest

from tests.gateway.conftest import PLENTY, Served, serving
from tests.gateway.neighbours import Neighbours

CONSOLE = "https://console.example.com"


@pytest.fixture
async def open_to_console(own_neighbours: Neighbours) -> AsyncIterator[Served]:
    async with serving(own_neighbours, edge=PLENTY._replace(origins=(CONSOLE,))) as served:
        yield served


async def test_a_page_of_the_list_may_ask_and_read(open_to_console: Served, own_neighbours: Neighbours) -> None:
    asked = {"Origin": CONSOLE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "if-match"}
    preflight = await open_to_console.http.options("/v1/items", headers=asked)
    headers = {**own_neighbours.sign_in().headers, "Origin": CONSOLE}
    answers = [
        await open_to_console.http.get("/v1/items", headers=headers),
        await open_to_console.http.get("/v1/items", headers={"Origin": CONSOLE}),
    ]

    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert {"authorization", "if-match", "idempotency-key"} <= set(
        preflight.headers["access-control-allow-headers"].split(", ")
    )
    assert [answer.status_code for answer in answers] == [200, 401]
    for answer in (preflight, *answers):
        assert answer.headers["access-control-allow-origin"] == CONSOLE
        assert answer.headers["vary"] == "origin"
        assert "access-control-allow-credentials" not in answer.headers
    assert "etag" in answers[0].headers["access-control-expose-headers"]


@pytest.mark.parametrize("origin", ["https://console.example.com.evil.example", "http://console.example.com", "null"])
async def test_no_other_page_may(open_to_console: Served, origin: str) -> None:
    for method in ("OPTIONS", "GET"):
        headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
        answer = await open_to_console.http.request(method, "/v1/items", headers=headers)
        assert "access-control-allow-origin" not in answer.headers


async def test_without_a_list_there_is_none(gateway: Served) -> None:
    answer = await gateway.http.get("/v1/items", headers={"Origin": CONSOLE})

    assert "access-control-allow-origin" not in answer.headers
    assert "vary" not in answer.headers
