"""Orders that deliveries hinted at are asked of the store, and its answer enters the order's lane."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis.database.leases import Lease, take
from chassis.database.pool import Database
from chassis.messaging.kafka import Kafka
from chassis.messaging.lanes import Lanes
from orders.app import make_consumers
from orders.stores.get_store import get_store
from orders.stores.record_organization import record_organization
from orders.stores.set_store_credentials import NewCredentials, set_store_credentials
from orders.stores.store import Provider, StoreState
from orders.webhooks.delivery import OrderKey
from orders.webhooks.guarded_http import GuardedHttp
from orders.webhooks.refetch_orders import RefetchOrders, backoff
from tests.given import woocommerce_orders as woo
from tests.given.canned_http import CannedHttp, canned_http
from tests.given.log_lines import LogLines
from tests.given.shop import CLOCK, SEALER, Shop, open_shop
from tests.given.shopify_orders import Json, edited, item, later, placed

TOKEN = "shpat_3d5c1f0a9b8e7d6c"
KEYS = {"consumer_key": "ck_3d5c1f0a9b8e7d6c", "consumer_secret": "cs_3d5c1f0a9b8e7d6c"}


@pytest.fixture
async def store_api() -> AsyncIterator[CannedHttp]:
    """The API of a store."""
    async with canned_http() as canned:
        yield canned


@pytest.fixture
async def lease(orders_database: Database) -> Lease:
    """The job's lease; of the one process there is."""
    async with orders_database.directory() as tx:
        held = await take(tx, f"refetch_orders {uuid4()}", "test")
    assert held
    return held


async def hint(shop: Shop, api: CannedHttp, order: Json, values: dict[str, str] | None = None) -> str:
    """The store has credentials, and a delivery hints at an order. Returns where it is."""
    async with shop.database.transaction(shop.organization) as tx:
        new = NewCredentials(shop.store.id, shop.store.provider, api.address, values or {"access_token": TOKEN})
        await set_store_credentials(tx, CLOCK, SEALER, new, "test", development=True)
    await shop.deliver({}, topic="orders/edited", external_id=str(order["id"]))
    return f"/admin/api/2026-01/orders/{order['id']}.json"


async def ask(shop: Shop, lease: Lease) -> None:
    """The job takes this organisation's turns, and then the lane worker."""
    http = GuardedHttp(private=True)
    job = RefetchOrders(shop.database, CLOCK, SEALER, http)
    for row in await shop.rows("SELECT store_id, external_id FROM refetches"):
        await job.refetch(lease, shop.organization, OrderKey(row.store_id, row.external_id))
    await http.close()
    lanes = Lanes(shop.database, make_consumers(shop.database, Kafka("127.0.0.1:1", development=True), CLOCK)[0].intake)
    while await lanes.work_for(shop.organization):
        pass


async def waiting(shop: Shop) -> list[tuple[int, str, bool]]:
    """Tries, failure, and whether it is tried again, of each order that is still to be asked for."""
    rows = await shop.rows("SELECT tries, failure, next_try_time IS NOT NULL AS again FROM refetches")
    return [tuple(row) for row in rows]


def found(body: Any) -> tuple[int, bytes, str]:
    return 200, json.dumps(body).encode(), ""


async def test_the_answer_becomes_the_order(
    shop: Shop, store_api: CannedHttp, lease: Lease, log_lines: LogLines
) -> None:
    """Traps 7 and 48."""
    order = placed("#1047", item("TEE-RED", 3))
    await shop.deliver(order)
    path = await hint(shop, store_api, order)
    store_api.answers[path] = found({"order": edited(order, "TEE-RED", 1)})

    await ask(shop, lease)

    assert (await shop.order()).lines[0].said.wanted == 1
    assert await waiting(shop) == []
    ((asked, headers),) = store_api.asked
    assert (asked, headers["x-shopify-access-token"]) == (path, TOKEN)
    assert TOKEN not in log_lines.text


async def test_woocommerces_refunds_are_asked_for_too(
    orders_database: Database, store_api: CannedHttp, lease: Lease
) -> None:
    shop = await open_shop(orders_database, "TEE-RED", provider=Provider.WOOCOMMERCE)
    order = woo.refunded(woo.paid(woo.placed()), "59.00")
    async with shop.database.transaction(shop.organization) as tx:
        new = NewCredentials(shop.store.id, shop.store.provider, store_api.address + "/blog", KEYS)
        await set_store_credentials(tx, CLOCK, SEALER, new, "test", development=True)
    path = f"/blog/wp-json/wc/v3/orders/{order['id']}"
    store_api.answers[path] = found(order)
    store_api.answers[f"{path}/refunds?per_page=100"] = found([woo.refund_of_units(order, "TEE-RED", 1)])

    await shop.deliver(order, topic="order.updated")
    await ask(shop, lease)

    assert (await shop.order("#727")).lines[0].said.wanted == 1
    assert store_api.asked[0][1]["authorization"].startswith("Basic Y2tf")


async def test_an_order_that_is_gone_is_deleted(shop: Shop, store_api: CannedHttp, lease: Lease) -> None:
    order = placed(processed_at="2999-01-01T00:00:00Z")
    await shop.deliver(order)
    await hint(shop, store_api, order)

    await ask(shop, lease)

    assert (await shop.order()).cancelled
    assert await waiting(shop) == []


async def test_an_order_too_old_for_shopify_to_show_is_not_taken_for_deleted(
    shop: Shop, store_api: CannedHttp, lease: Lease
) -> None:
    order = placed(processed_at="2020-01-01T00:00:00Z")
    await shop.deliver(order)
    await hint(shop, store_api, order)

    await ask(shop, lease)

    assert not (await shop.order()).cancelled
    assert await waiting(shop) == []


@pytest.mark.parametrize("status", [401, 403])
async def test_refused_credentials_are_said_and_waited_for(
    shop: Shop, store_api: CannedHttp, lease: Lease, status: int
) -> None:
    path = await hint(shop, store_api, placed())
    store_api.answers[path] = (status, b"", "")

    await ask(shop, lease)
    await ask(shop, lease)

    async with shop.database.transaction(shop.organization) as tx:
        store = await get_store(tx, shop.store.id)
    assert store.state is StoreState.NEEDS_REAUTH
    assert f"refused the credentials ({status}); make new ones in the store" in store.state_reason
    assert await waiting(shop) == [(0, f"the store answered {status}", False)]
    assert len(store_api.asked) == 1


async def test_credentials_that_were_set_while_the_store_refused_the_old_ones_are_tried(
    shop: Shop, store_api: CannedHttp, lease: Lease
) -> None:
    order = placed("#1047")
    path = await hint(shop, store_api, order)
    store_api.answers[path] = (401, b"", "")

    async def set_others() -> None:
        store_api.meanwhile = None
        await hint(shop, store_api, order, {"access_token": "shpat_another_0123456"})

    store_api.meanwhile = set_others
    await ask(shop, lease)
    store_api.answers[path] = found({"order": order})
    await ask(shop, lease)

    async with shop.database.transaction(shop.organization) as tx:
        assert (await get_store(tx, shop.store.id)).state is StoreState.CONNECTED
    assert [asked["x-shopify-access-token"] for _, asked in store_api.asked] == [TOKEN, "shpat_another_0123456"]
    assert (await shop.order("#1047")).snapshot.external_id == str(order["id"])


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ((503, b"", ""), "the store answered 503"),
        ((301, b"", "Location: http://127.0.0.1:1/\r\n"), "the store answered 301"),
        (
            (200, b"<html>Maintenance", ""),
            "no such order: the body is not JSON in UTF-8 (JSONDecodeError)",
        ),
        (
            (200, b'{"order": {"id": 1}}', ""),
            "no such order: order.currency: is not a currency's code",
        ),
        ((200, b"x" * 900_001, ""), "an answer of more than 900000 bytes"),
    ],
)
async def test_whatever_else_comes_is_tried_again_and_stops_no_lane(
    shop: Shop, store_api: CannedHttp, lease: Lease, answer: tuple[int, bytes, str], failure: str
) -> None:
    path = await hint(shop, store_api, placed())
    store_api.answers[path] = answer

    await ask(shop, lease)

    ((tries, said, again),) = await waiting(shop)
    assert (tries, again) == (1, True)
    assert said.endswith(failure)
    assert len(store_api.asked) == 1
    assert await shop.rows("SELECT FROM inbox") == []


async def test_a_store_that_has_enough_is_left_in_peace_as_long_as_it_says(
    shop: Shop, store_api: CannedHttp, lease: Lease
) -> None:
    for order in (placed(), placed()):
        await hint(shop, store_api, order)
    for each in await shop.rows("SELECT external_id FROM refetches"):
        store_api.answers[f"/admin/api/2026-01/orders/{each.external_id}.json"] = (429, b"", "Retry-After: 120.0\r\n")

    await ask(shop, lease)

    rows = await shop.rows("SELECT next_try_time - now() AS pause FROM refetches")
    assert all(timedelta(seconds=110) < row.pause < timedelta(seconds=121) for row in rows)
    assert len(rows) == 2
    assert len(store_api.asked) == 1


async def test_a_suspended_organisations_stores_are_asked_when_it_is_active_again(
    shop: Shop, store_api: CannedHttp, lease: Lease
) -> None:
    """Traps 5 and 49."""
    await hint(shop, store_api, placed())
    async with shop.database.transaction(shop.organization) as tx:
        await record_organization(tx, "SUSPENDED", 2)

    await ask(shop, lease)

    assert store_api.asked == []
    assert len(await waiting(shop)) == 1
    async with shop.database.transaction(shop.organization) as tx:
        await record_organization(tx, "ACTIVE", 3)
    await ask(shop, lease)
    assert len(store_api.asked) == 1


async def test_a_wish_that_comes_while_the_store_is_asked_is_not_lost(
    shop: Shop, store_api: CannedHttp, lease: Lease
) -> None:
    order = placed()
    path = await hint(shop, store_api, order)
    store_api.answers[path] = found({"order": later(order)})

    async def hint_again() -> None:
        store_api.meanwhile = None
        await shop.deliver({}, topic="orders/edited", external_id=str(order["id"]))

    store_api.meanwhile = hint_again
    await ask(shop, lease)
    assert await waiting(shop) == [(0, "", True)]
    await ask(shop, lease)

    assert await waiting(shop) == []
    assert len(store_api.asked) == 2


def test_pauses_grow_and_end() -> None:
    assert backoff(1) <= timedelta(seconds=2)
    assert timedelta(minutes=22) < backoff(40) <= timedelta(minutes=30)
