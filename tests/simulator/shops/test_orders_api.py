"""The providers' own APIs, asked as a receiver would."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from simulator.shops.control import Control
from tests.given.simulated_shop import NAME, World

WOO = "jeddah.example.com"
CREDENTIAL = "ck_1f0e:cs_9c2b"


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the API."""
    transport = httpx2.ASGITransport(app=Control(world.shops, world.storefront).app())
    async with httpx2.AsyncClient(transport=transport, base_url="http://simulator") as client:
        yield client


def basic(credential: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(credential.encode()).decode()}"}


async def test_who_shows_the_shops_credential_reads_an_order_as_it_is_now(
    world: World, http: httpx2.AsyncClient
) -> None:
    shopify = world.shops.open(NAME, world.settings(api_credential="shpat_77"))
    woo = world.shops.open(WOO, world.settings(api_credential=CREDENTIAL))
    orders: list[dict[str, Any]] = [world.storefront.place(shop) for shop in (shopify, woo)]
    await world.sender.settled()

    one = f"/shops/{NAME}/admin/api/2026-01/orders/{orders[0]['id']}.json"
    other = f"/shops/{WOO}/wp-json/wc/v3/orders/{orders[1]['id']}"
    answers = [
        await http.get(one, headers={"X-Shopify-Access-Token": "shpat_77"}),
        await http.get(other, headers=basic(CREDENTIAL)),
    ]

    assert [answer.json() for answer in answers] == [{"order": orders[0]}, orders[1]]
    assert (await http.get(one, headers={"X-Shopify-Access-Token": "shpat_78"})).status_code == 401
    assert (await http.get(other, headers=basic("ck_1f0e:"))).status_code == 401
    assert (await http.get(other, headers={"Authorization": "Basic ?"})).status_code == 401
    assert (await http.get(other)).status_code == 401
    missing = f"/shops/{WOO}/wp-json/wc/v3/orders/77"
    assert (await http.get(missing, headers=basic(CREDENTIAL))).status_code == 404


async def test_a_shop_without_a_credential_is_read_by_nobody(world: World, http: httpx2.AsyncClient) -> None:
    order = world.storefront.place(world.shop)
    path = f"/shops/{NAME}/admin/api/2026-01/orders/{order['id']}.json"

    assert (await http.get(path, headers={"X-Shopify-Access-Token": ""})).status_code == 401
    assert (await http.get(f"/shops/nobody.example.com/wp-json/wc/v3/orders/{order['id']}")).status_code == 401
