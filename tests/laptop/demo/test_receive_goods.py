"""An operator receives what suppliers bring, whatever becomes of the gateway meanwhile."""

import json
from random import Random
from typing import Any

import httpx2
import pytest

from laptop.demo.catalogue import Shelf
from laptop.demo.made import Member, Place
from laptop.demo.receive_goods import Operator
from laptop.demo.supply import LEAD_SECONDS, Supply
from laptop.words import in_words

PLACES = tuple(Place(f"item-{n}", "main", f"MUG-{n}", "MAIN", Shelf(60, 20)) for n in range(3))
MEMBER = Member("Souq", "sara@example.com", "secret", (), PLACES)
LATER = max(LEAD_SECONDS) + 1


class Gateway:
    """Levels in two pages, and what was received by key. `answers` are the first to who receives."""

    def __init__(self) -> None:
        self.token = ""
        self.received: dict[str, dict[str, Any]] = {}
        self.answers: list[int] = []
        self.available = 20

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/v1/sessions":
            self.token = "token"
            return httpx2.Response(200, json={"tokens": {"accessToken": self.token}})
        if not self.token or request.headers.get("Authorization") != f"Bearer {self.token}":
            return httpx2.Response(401)
        if request.method == "POST":
            self.received[request.headers["Idempotency-Key"]] = json.loads(request.content)
            return httpx2.Response(self.answers.pop(0) if self.answers else 200, json={})
        last = request.url.params.get("pageToken") == "2"
        pages = PLACES[2:] if last else PLACES[:2]
        levels = [{"itemId": p.item_id, "warehouseId": p.warehouse_id, "available": str(self.available)} for p in pages]
        return httpx2.Response(200, json={"levels": levels, "nextPageToken": "" if last else "2"})


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def told() -> list[str | None]:
    return []


@pytest.fixture
def operator(gateway: Gateway, told: list[str | None]) -> Operator:
    client = httpx2.AsyncClient(base_url="http://gateway", transport=httpx2.MockTransport(gateway.answer))
    supply = Supply(PLACES, Random(1))
    return Operator(MEMBER, client, supply, lambda event: told.append(in_words(event)))


async def test_what_runs_low_on_any_page_is_received_when_it_came(
    gateway: Gateway, operator: Operator, told: list[str | None]
) -> None:
    await operator.look(0)
    assert not gateway.received
    await operator.look(LATER)

    assert [goods["itemId"] for goods in gateway.received.values()] == ["item-0", "item-1", "item-2"]
    assert {(goods["delta"], goods["reason"]) for goods in gateway.received.values()} == {
        (40, "ADJUSTMENT_REASON_RECEIVED")
    }
    assert told[0] == "Souq received 40 of MUG-0 in MAIN"


async def test_goods_that_were_received_and_not_answered_are_received_again_under_the_same_key(
    gateway: Gateway, operator: Operator
) -> None:
    await operator.look(0)
    gateway.answers = [200, 503]
    gateway.available = 60
    with pytest.raises(httpx2.HTTPError):
        await operator.look(LATER)
    (_, unanswered) = gateway.received
    await operator.look(LATER)

    assert len(gateway.received) == 3
    assert gateway.received[unanswered]["itemId"] == "item-1"


async def test_a_session_that_ended_is_begun_anew(gateway: Gateway, operator: Operator) -> None:
    await operator.look(0)
    gateway.token = "another"
    await operator.look(LATER)

    assert len(gateway.received) == 3
