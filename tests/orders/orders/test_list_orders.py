"""ListOrders: all orders, narrowed, page by page."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from rappit.orders.v1.order_pb2 import (
    FULFILLMENT_STATUS_CANCELLED,
    FULFILLMENT_STATUS_NEW,
    FULFILLMENT_STATUS_NOTHING_TO_SHIP,
    FULFILLMENT_STATUS_RESERVED,
    FULFILLMENT_STATUS_SHORT,
    PAYMENT_STATUS_AUTHORIZED,
    PAYMENT_STATUS_PAID,
)
from rappit.orders.v1.orders_pb2 import ListOrdersRequest, ListOrdersResponse
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import PLACED, by_guest, cancelled, edited, item, paid, placed
from tests.given.statements import statements


def at(minute: int) -> str:
    return (PLACED + timedelta(minutes=minute)).isoformat()


def time(minute: int) -> datetime:
    return PLACED + timedelta(minutes=minute)


async def page(served: ServedOrders, shop: Shop, **fields: Any) -> ListOrdersResponse:
    answer: ListOrdersResponse = await served.call(
        served.orders.ListOrders, ListOrdersRequest(**fields), shop.organization
    )
    return answer


async def names(served: ServedOrders, shop: Shop, **fields: Any) -> list[str]:
    return [order.name for order in (await page(served, shop, **fields)).orders]


async def test_the_latest_comes_first_without_its_lines(served_orders: ServedOrders, shop: Shop) -> None:
    for name, minute in (("#2", 2), ("#3", 3), ("#1", 1)):
        await shop.deliver(placed(name, item("TEE-RED"), item("SCARF"), processed_at=at(minute)))

    answer = await page(served_orders, shop)

    assert [order.name for order in answer.orders] == ["#3", "#2", "#1"]
    assert [(order.line_count, order.unmapped_line_count, len(order.lines)) for order in answer.orders] == [
        (2, 1, 0)
    ] * 3
    assert answer.orders[0].customer.name == "Layla Haddad"
    assert answer.next_page_token == ""


async def test_pages_follow_each_other_without_gap_or_repeat(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 27: also where many were placed at one time."""
    orders = [placed(f"#{number}", processed_at=at(number // 5)) for number in range(23)]
    await shop.deliver_together(*orders)

    seen: list[str] = []
    token = ""
    while not seen or token:
        answer = await page(served_orders, shop, page_size=4, page_token=token)
        seen += [order.name for order in answer.orders]
        token = answer.next_page_token

    assert sorted(seen) == sorted(order["name"] for order in orders)
    assert seen[0] in {"#20", "#21", "#22"}


@pytest.mark.parametrize(
    "query",
    [
        "#1047",
        "1047",
        "10",
        "layla",
        "Layla Haddad",
        "HADDAD",
        "layla   had",
        "layla@example.com",
        "example",
        "tee-red",
        "RED",
        "2008",
        "ipod",
    ],
)
async def test_an_order_is_found_by_the_beginning_of_any_word(
    served_orders: ServedOrders, shop: Shop, query: str
) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED"), item("IPOD2008PINK")), by_guest(placed("#2", item("CAP"))))

    assert await names(served_orders, shop, query=query) == (["#1047"] if query != "example" else ["#2", "#1047"])


@pytest.mark.parametrize("query", ["ayla", "1048", "%%", "t_e", "sami@example.org", "LAYLA HADDAD JR"])
async def test_other_texts_find_nothing(served_orders: ServedOrders, shop: Shop, query: str) -> None:
    await shop.deliver(placed("#1047"))

    assert await names(served_orders, shop, query=f"{query} ") == []


async def test_arabic_names_are_found(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(by_guest(placed("#1047"), "نورة القحطاني"))

    assert await names(served_orders, shop, query="القحط") == ["#1047"]


async def test_an_order_is_found_by_what_it_is_now(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed("#1047", item("TEE-RED"))
    renamed = edited(order, "TEE-RED", 1)
    renamed["line_items"][0]["sku"] = "MUG"
    await shop.deliver(order, renamed)

    assert await names(served_orders, shop, query="MUG") == ["#1047"]
    assert await names(served_orders, shop, query="TEE") == []


@pytest.mark.parametrize("query", ["x", " x ", "   "])
async def test_a_query_of_less_than_two_characters_is_refused(
    served_orders: ServedOrders, shop: Shop, query: str
) -> None:
    with refused("INVALID_REQUEST") as refusal:
        await page(served_orders, shop, query=query)

    assert [violation.field for violation in refusal.error.violations] == ["query"]


async def test_each_filter_narrows_and_all_must_hold(served_orders: ServedOrders, shop: Shop) -> None:
    sister = await open_shop(shop.database, organization=shop.organization)
    new = placed("#new", processed_at=at(1))
    short = placed("#short", item("SCARF"), processed_at=at(2))
    gone = placed("#gone", processed_at=at(3))
    digital = placed("#digital", item("CARD", gift_card=True), processed_at=at(4))
    await shop.deliver(new, short, cancelled(gone), paid(digital))
    await sister.deliver(placed("#sister", processed_at=at(5)))
    await shop.deliver(placed("#held", processed_at=at(6)))
    await shop.reserved(await shop.order("#held"))

    async def found(**fields: Any) -> list[str]:
        return await names(served_orders, shop, **fields)

    assert await found(fulfillment_statuses=[FULFILLMENT_STATUS_NEW]) == ["#sister", "#new"]
    assert await found(fulfillment_statuses=[FULFILLMENT_STATUS_SHORT, FULFILLMENT_STATUS_RESERVED]) == [
        "#held",
        "#short",
    ]
    assert await found(fulfillment_statuses=[FULFILLMENT_STATUS_CANCELLED]) == ["#gone"]
    assert await found(fulfillment_statuses=[FULFILLMENT_STATUS_NOTHING_TO_SHIP]) == ["#digital"]
    assert await found(payment_statuses=[PAYMENT_STATUS_PAID]) == ["#digital"]
    assert await found(store_id=str(sister.store.id)) == ["#sister"]
    assert await found(unmapped=True) == ["#short"]
    assert await found(placed_from=time(4), placed_before=time(6)) == ["#sister", "#digital"]
    assert await found(payment_statuses=[PAYMENT_STATUS_AUTHORIZED], placed_before=time(4)) == [
        "#gone",
        "#short",
        "#new",
    ]
    assert await found(unmapped=True, query="#new") == []


async def test_a_token_made_with_other_filters_is_refused(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver_together(placed("#1"), placed("#2"))
    token = (await page(served_orders, shop, page_size=1)).next_page_token
    assert token

    with refused("PAGE_TOKEN_INVALID"):
        await page(served_orders, shop, page_token=token, unmapped=True)


async def test_orders_of_another_organisation_are_not_listed(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    stranger = await open_shop(shop.database)
    await stranger.deliver(placed())

    assert await names(served_orders, shop) == []
    assert await names(served_orders, shop, store_id=str(stranger.store.id), query="#1047") == []


@pytest.mark.parametrize("size", [1, 30])
async def test_a_page_is_one_statement(served_orders: ServedOrders, shop: Shop, size: int) -> None:
    await shop.deliver_together(*(placed(f"#{number}") for number in range(size)))

    with statements() as seen:
        await page(served_orders, shop, query="layla", fulfillment_statuses=[FULFILLMENT_STATUS_NEW])

    assert len(seen) == 1


async def test_it_needs_its_permission(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("NOT_PERMITTED"):
        await served_orders.call(served_orders.orders.ListOrders, ListOrdersRequest(), shop.organization, "stores.read")


async def test_a_store_id_that_is_none_is_refused(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("INVALID_REQUEST"):
        await page(served_orders, shop, store_id=f"{uuid4()}x")
