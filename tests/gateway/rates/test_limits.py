"""Limits as callers meet them."""

import asyncio
from collections.abc import AsyncIterator
from ipaddress import ip_network
from uuid import uuid4

import pytest

from gateway import app
from gateway.edge.clients import ClientAddresses
from gateway.rates import limits
from gateway.rates.counts import Counts, OwnCounts, RefusedCounts
from gateway.rates.limits import Quotas, RateLimits
from tests.gateway.conftest import Served, serving
from tests.gateway.neighbours import Neighbours, Person
from tests.gateway.webhooks.deliveries_of_stores import Sender

PLENTY = 10**6
# Here the time stands still.
NOW = 1_000_000.0


def edge(counts: Counts | None = None, trusted: str = "", **quotas: int) -> app.Edge:
    every = {"address": PLENTY, "account": PLENTY, "organization": PLENTY, "store": PLENTY} | quotas
    addresses = ClientAddresses([ip_network(trusted)] if trusted else [])
    return app.Edge(addresses, RateLimits(counts or OwnCounts(), Quotas(**every), now=lambda: NOW), ())


@pytest.fixture
async def narrow(own_neighbours: Neighbours) -> AsyncIterator[Served]:
    """Two requests per account, three per organisation."""
    async with serving(own_neighbours, edge=edge(account=2, organization=3)) as served:
        yield served


async def ask(gateway: Served, person: Person) -> int:
    return (await gateway.http.get("/v1/orders", headers=person.headers)).status_code


async def test_past_the_quota_of_an_account_it_is_refused_and_told_when_to_come_back(
    narrow: Served, own_neighbours: Neighbours
) -> None:
    person = own_neighbours.sign_in()
    first = await narrow.http.get("/v1/orders", headers=person.headers)
    await ask(narrow, person)
    third = await narrow.http.get("/v1/orders", headers=person.headers)

    policies = f'"address";q={PLENTY};w=60, "account";q=2;w=60, "organization";q=3;w=60'
    assert first.headers["ratelimit-policy"] == third.headers["ratelimit-policy"] == policies
    assert first.headers["ratelimit"].startswith('"account";r=1;t=')
    assert (third.status_code, third.json()["reason"]) == (429, "RATE_LIMITED")
    assert third.headers["ratelimit"].startswith('"account";r=0;t=')
    assert 1 <= int(third.headers["retry-after"]) <= 60
    assert third.headers["ratelimit"].endswith(f"t={third.headers['retry-after']}")
    assert len(own_neighbours.seen("ListOrders")) == 2


async def test_an_organization_has_a_quota_over_all_its_people(narrow: Served, own_neighbours: Neighbours) -> None:
    organization = uuid4()
    people = [own_neighbours.sign_in(organization=organization) for _ in range(4)]

    assert [await ask(narrow, person) for person in people] == [200, 200, 200, 429]
    assert await ask(narrow, own_neighbours.sign_in()) == 200


async def test_guessing_counts_against_the_address(own_neighbours: Neighbours) -> None:
    async with serving(own_neighbours, edge=edge(address=2)) as gateway:
        signs = [await gateway.http.post("/v1/sessions", json={}) for _ in range(3)]
        guess = await gateway.http.get("/v1/orders", headers={"Authorization": "Bearer a.b.c"})

    assert [answer.status_code for answer in signs] == [400, 400, 429]
    assert guess.status_code == 429
    assert own_neighbours.seen("ExchangeToken") == []


async def test_a_spoofed_header_changes_no_limit(own_neighbours: Neighbours) -> None:
    """Trap 8."""
    async with serving(own_neighbours, edge=edge(address=2)) as gateway:
        answers = [
            await gateway.http.get(
                "/v1/orders", headers={"X-Forwarded-For": f"198.51.100.{number}", "Forwarded": f"for=192.0.2.{number}"}
            )
            for number in range(3)
        ]

    assert [answer.status_code for answer in answers] == [401, 401, 429]


async def test_behind_a_trusted_proxy_each_client_has_its_own(own_neighbours: Neighbours) -> None:
    """Trap 8. What the client wrote before the proxy did counts for nothing."""
    async with serving(own_neighbours, edge=edge(trusted="127.0.0.0/8", address=1)) as gateway:
        answers = [
            await gateway.http.get("/v1/orders", headers={"X-Forwarded-For": f"{number}.0.0.1, 198.51.100.{client}"})
            for number, client in enumerate([1, 2, 1], start=1)
        ]

    assert [answer.status_code for answer in answers] == [401, 401, 429]


async def test_a_store_is_delayed_and_never_refused(
    own_neighbours: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    delays: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        delays.append(seconds)
        await real(0)

    async with serving(own_neighbours, edge=edge(store=1, address=1)) as gateway:
        store, other = Sender(gateway, own_neighbours), Sender(gateway, own_neighbours)
        monkeypatch.setattr("gateway.rates.limits.asyncio.sleep", sleep)
        answers = [await store.send(delivery=str(number)) for number in range(3)] + [await other.send()]
        monkeypatch.undo()

    assert [answer.status_code for answer in answers] == [200] * 4
    assert delays.count(limits.STORE_DELAY_SECONDS) == 2
    assert "ratelimit" not in answers[0].headers


async def test_without_its_store_the_limiter_refuses_people_and_no_delivery(own_neighbours: Neighbours) -> None:
    """Trap 8, where it is set so."""
    async with serving(own_neighbours, edge=edge(RefusedCounts())) as gateway:
        asked = await gateway.http.get("/v1/orders", headers=own_neighbours.sign_in().headers)
        sent = await Sender(gateway, own_neighbours).send()

    assert (asked.status_code, asked.json()["metadata"], sent.status_code) == (503, {"part": "limits"}, 200)
