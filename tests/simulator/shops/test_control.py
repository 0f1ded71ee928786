"""The control API. Over real HTTP it is asked in test_app.py."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from laptop.demo.made import Door
from laptop.demo.organizations import RIYADH, SOUQ
from laptop.demo.shop import shop_of
from simulator.shops.control import Control
from tests.given.simulated_shop import NAME, PRODUCTS, SECRET, World

ORDERS = f"/shops/{NAME}/orders"


@pytest.fixture
async def control(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the control API of this world."""
    app = Control(world.shops, world.storefront).app()
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://simulator") as client:
        yield client
    await world.sender.settled()


def settings(world: World, **more: Any) -> dict[str, Any]:
    return {
        "webhook_url": world.receiver.url,
        "secret": SECRET,
        "currency": "SAR",
        "products": PRODUCTS,
        "rate_per_minute": 0,
        **more,
    }


async def placed(control: httpx2.AsyncClient, world: World, **new: Any) -> dict[str, Any]:
    """A new order, its delivery taken."""
    answer = await control.post(ORDERS, json=new)
    assert answer.status_code == 201, answer.text
    await world.sender.settled()
    world.receiver.taken.clear()
    return dict(answer.json())


async def test_a_shop_is_opened_as_the_laptop_does_and_opening_it_again_changes_nothing(
    control: httpx2.AsyncClient, world: World
) -> None:
    body = shop_of(SOUQ, RIYADH, Door("", world.receiver.url, RIYADH.shop, SECRET), speed=10)
    first = await control.put("/shops/jeddah.myshopify.com", json=body)
    await control.post("/shops/jeddah.myshopify.com/orders")
    again = await control.put("/shops/jeddah.myshopify.com", json=body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {
        "orders": 1,
        "open_orders": 1,
        "next_order": "#1002",
        "pending_deliveries": again.json()["pending_deliveries"],
    }
    assert again.json()["rate_per_minute"] == RIYADH.orders_per_minute


async def test_a_secret_comes_back_in_no_answer(control: httpx2.AsyncClient, world: World) -> None:
    """Trap 7."""
    answers = [
        await control.put(f"/shops/{NAME}", json=settings(world)),
        await control.get(f"/shops/{NAME}"),
        await control.put(f"/shops/{NAME}", json=settings(world, secret=[SECRET])),
        await control.put(f"/shops/{NAME}", content=f'{{"secret": "{SECRET}'),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 422, 422]
    assert all(SECRET not in answer.text for answer in answers)


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("webhook_url", "gopher://example.com", "webhook_url"),
        ("webhook_url", "http://[", "webhook_url"),
        ("webhook_url", None, "webhook_url"),
        ("secret", "", "secret"),
        ("currency", "riyal", "currency"),
        ("products", [], "products"),
        ("products", [{"sku": "MUG", "title": "Mug", "price": "ten"}], "products[0].price"),
        ("products", [{"sku": "MUG", "title": "Mug", "price": "1.005"}], "products[0].price"),
        ("products", [{"sku": "MUG", "title": "Mug", "price": "NaN"}], "products[0].price"),
        ("products", [{"sku": "", "title": "Mug", "price": "1"}], "products[0].sku"),
        ("products", [PRODUCTS[0], PRODUCTS[0]], "products[1].sku"),
        ("products", [PRODUCTS[0] | {"colour": "red"}], "products[0].colour"),
        ("rate_per_minute", -1, "rate_per_minute"),
        ("rate_per_minute", "fast", "rate_per_minute"),
        ("shares", {"forge": 2}, "shares.forge"),
        ("shares", {"bribe": 0.1}, "shares.bribe"),
        ("retries", {"count": -1}, "retries.count"),
        ("hurry", 1, "hurry"),
        ("speed", 0, "speed"),
        ("most_open_orders", 151, "most_open_orders"),
        ("buyers_currencies", ["SAR", "XAU"], "buyers_currencies[1]"),
    ],
)
async def test_settings_that_make_no_sense_are_refused_by_field_and_change_nothing(
    control: httpx2.AsyncClient, world: World, name: str, value: object, field: str
) -> None:
    before = (await control.get(f"/shops/{NAME}")).json()
    answer = await control.put(f"/shops/{NAME}", json=settings(world, **{name: value}))

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await control.get(f"/shops/{NAME}")).json() == before


@pytest.mark.parametrize("name", ["riyadh", "..%2f..%2fetc.myshopify.com", "Riyadh.myshopify.com", ".myshopify.com"])
async def test_a_shop_has_a_shopify_domain(control: httpx2.AsyncClient, world: World, name: str) -> None:
    answer = await control.put(f"/shops/{name}", json=settings(world))

    assert answer.status_code in {404, 422}, answer.text
    assert [path.name for path in world.folder.iterdir()] == [NAME]


async def test_an_order_is_placed_of_what_is_asked_for(control: httpx2.AsyncClient, world: World) -> None:
    lines = [{"sku": "OUD", "quantity": 7}, {"sku": "MUG-SAND", "quantity": 1}]
    answer = await control.post(ORDERS, json={"lines": lines, "paid": False})
    await world.sender.settled()

    order = answer.json()
    assert answer.status_code == 201
    assert [(line["sku"], line["quantity"]) for line in order["line_items"]] == [("OUD", 7), ("MUG-SAND", 1)]
    assert order["financial_status"] == "pending"
    assert [taken.order for taken in world.receiver.taken] == [order]
    assert (await control.get(f"{ORDERS}/%231001")).json() == order


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"lines": [{"sku": "NOT-SOLD", "quantity": 1}]}, "lines[0].sku"),
        ({"lines": [{"sku": "OUD", "quantity": 1}, {"sku": "OUD", "quantity": 0}]}, "lines[1].quantity"),
        ({"lines": [{"sku": "OUD", "quantity": 1.5}]}, "lines[0].quantity"),
        ({"lines": []}, "lines"),
        ({"paid": "perhaps"}, "paid"),
        ([], "body"),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_by_field(
    control: httpx2.AsyncClient, world: World, body: object, field: str
) -> None:
    answer = await control.post(ORDERS, json=body)

    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert len(world.shop.orders) == 0


@pytest.mark.parametrize(
    ("verb", "field", "value"),
    [
        ("pay", "financial_status", "paid"),
        ("cancel", "cancel_reason", "customer"),
        ("fulfil", "fulfillment_status", "fulfilled"),
        ("update", "tags", "checked"),
    ],
)
async def test_an_order_changes_once_by_its_name_or_its_id(
    control: httpx2.AsyncClient, world: World, verb: str, field: str, value: str
) -> None:
    by_name, by_id = await placed(control, world, paid=False), await placed(control, world, paid=False)
    for order, known in ((by_name, "%231001"), (by_id, by_id["id"])):
        answer = await control.post(f"{ORDERS}/{known}/{verb}")

        assert answer.status_code == 200, answer.text
        assert answer.json()["id"] == order["id"]
        assert answer.json()[field] == value
        assert answer.json()["updated_at"] > order["updated_at"]
    if verb != "update":
        again = await control.post(f"{ORDERS}/%231001/{verb}")
        assert (again.status_code, again.json()["errors"][0]["field"]) == (409, "order")


async def test_an_order_is_edited(control: httpx2.AsyncClient, world: World) -> None:
    """Trap 16."""
    await placed(control, world, lines=[{"sku": "OUD", "quantity": 3}])
    answer = await control.post(
        f"{ORDERS}/1001/update",
        json={"lines": [{"sku": "OUD", "quantity": 1}, {"sku": "STICKER", "quantity": 2}]},
    )

    assert [(line["sku"], line["quantity"], line["current_quantity"]) for line in answer.json()["line_items"]] == [
        ("OUD", 3, 1),
        ("STICKER", 2, 2),
    ]


async def test_unusual_deliveries_are_sent_and_told_of(control: httpx2.AsyncClient, world: World) -> None:
    """Trap 11."""
    await placed(control, world, paid=False)
    await control.post(f"{ORDERS}/1001/pay")
    await world.sender.settled()
    world.receiver.taken.clear()
    world.receiver.answers = [200, 200, 200, 200, 401]
    repeat = await control.post(f"{ORDERS}/1001/send", json={"repeat": 3})
    older = await control.post(f"{ORDERS}/1001/send", json={"older": True})
    forged = await control.post(f"{ORDERS}/1001/send", json={"forge": True})
    told = [one for answer in (repeat, older, forged) for one in answer.json()["deliveries"]]

    assert [(one["fault"], one["status"]) for one in told] == [
        *[("repeat", 200)] * 3,
        ("older copy", 200),
        ("forged", 401),
    ]
    assert sorted(one["webhook_id"] for one in told) == sorted(taken.ids[0] for taken in world.receiver.taken)


async def test_a_delayed_delivery_is_answered_before_it_is_sent(control: httpx2.AsyncClient, world: World) -> None:
    await placed(control, world)
    answer = await control.post(f"{ORDERS}/1001/send", json={"delay_seconds": 30})
    await world.sender.settled()

    assert answer.status_code == 202
    assert [(one["fault"], one["status"]) for one in answer.json()["deliveries"]] == [("delayed", None)]
    assert world.pauses == [30.0]
    assert len(world.receiver.taken) == 1


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"repeat": 0}, 422, "repeat"),
        ({"older": True, "forge": True}, 422, "forge"),
        ({"delay_seconds": -1}, 422, "delay_seconds"),
        ({"older": True}, 409, "order"),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    control: httpx2.AsyncClient, world: World, body: object, status: int, field: str
) -> None:
    await placed(control, world)
    answer = await control.post(f"{ORDERS}/1001/send", json=body)
    await world.sender.settled()

    assert answer.status_code == status, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert world.receiver.taken == []


async def test_orders_are_listed_the_newest_first_page_by_page(control: httpx2.AsyncClient, world: World) -> None:
    """Trap 27."""
    for _ in range(5):
        await placed(control, world)
    pages = [
        (await control.get(ORDERS, params=params)).json()["orders"]
        for params in ({}, {"limit": 2}, {"limit": 2, "before": 1004}, {"limit": 2, "before": 1002})
    ]

    assert [[order["order_number"] for order in page] for page in pages] == [
        [1005, 1004, 1003, 1002, 1001],
        [1005, 1004],
        [1003, 1002],
        [1001],
    ]
    for bad in ("0", "-1", "ten", "٣", "1e3"):
        answer = await control.get(ORDERS, params={"limit": bad})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "limit")


async def test_what_is_not_there_is_a_404_and_what_is_too_large_a_413(
    control: httpx2.AsyncClient, world: World
) -> None:
    answers = [
        await control.get("/shops/nobody.myshopify.com"),
        await control.post("/shops/nobody.myshopify.com/orders"),
        await control.post(f"{ORDERS}/%231001/cancel"),
        await control.post(f"{ORDERS}/mug/cancel"),
        await control.post(f"{ORDERS}/{'9' * 5_000}/cancel"),
        await control.get("/"),
        await control.put(f"/shops/{NAME}", content=b" " * (1024 * 1024 + 1)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404, 404, 404, 413]
    assert all("errors" in answer.json() for answer in answers)
