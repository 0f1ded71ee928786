"""CancelOrder: what has not left yet is cancelled, and stays so."""

from uuid import uuid4

import pytest

from rappit.orders.v1.order_pb2 import FULFILLMENT_STATUS_CANCELLED, Order
from rappit.orders.v1.orders_pb2 import (
    CANCEL_REASON_CUSTOMER_REQUEST,
    CANCEL_REASON_UNSPECIFIED,
    CancelOrderRequest,
    CancelOrderResponse,
)
from tests.given.log_lines import LogLines
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import cancelled, edited, fulfilled, item, placed


async def cancel(served: ServedOrders, shop: Shop, key: str | None = None, **fields: str) -> Order:
    """Cancel the shop's one order."""
    order_id = fields.pop("order_id", "") or str((await shop.order()).id)
    request = CancelOrderRequest(order_id=order_id, reason=CANCEL_REASON_CUSTOMER_REQUEST, **fields)
    answer: CancelOrderResponse = await served.call(served.orders.CancelOrder, request, shop.organization, key=key)
    return answer.order


async def test_a_cancelled_order_wants_nothing_more(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 2)))
    await shop.reserved(await shop.order())

    order = await cancel(served_orders, shop)

    assert (order.fulfillment_status, order.cancel_reason) == (FULFILLMENT_STATUS_CANCELLED, "CUSTOMER_REQUEST")
    assert order.HasField("cancel_time")
    assert order.version == 2
    event = (await shop.told(await shop.order()))[-1]
    assert (event.header.aggregate_version, event.order_changed.cancelled) == (2, True)
    assert [(line.wanted, list(line.fulfilled_at)) for line in event.order_changed.lines] == [(0, [])]
    assert event.header.cause == "rappit.orders.v1.OrderService/CancelOrder"


async def test_what_left_before_stays_left(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed("#1047", item("TEE-RED", 3), item("CAP"))
    await shop.deliver(order, fulfilled(order, "TEE-RED", 1))

    await cancel(served_orders, shop)

    event = (await shop.told(await shop.order()))[-1]
    lines = [(line.wanted, [left.quantity for left in line.fulfilled_at]) for line in event.order_changed.lines]
    assert sorted(lines) == [(0, []), (1, [1])]


async def test_the_timeline_says_who_and_why(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())

    await cancel(served_orders, shop, note="Called us")

    entries = await shop.rows(
        "SELECT event, message, reason, actor, old_value, new_value FROM order_timeline ORDER BY position"
    )
    assert tuple(entries[-1]) == (
        "CANCELLED",
        "cancelled here: CUSTOMER_REQUEST",
        "Called us",
        f"user:{served_orders.user}",
        "NEW",
        "CANCELLED",
    )


async def test_cancelling_a_cancelled_order_changes_nothing(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())
    first = await cancel(served_orders, shop)

    assert await cancel(served_orders, shop) == first
    assert len(await shop.told(await shop.order())) == 2


async def test_an_order_that_the_store_cancelled_stays_as_it_is(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed()
    await shop.deliver(order, cancelled(order, "fraud"))

    assert (await cancel(served_orders, shop)).cancel_reason == "FRAUD_SUSPECTED"


async def test_the_same_call_twice_is_one_cancel(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())
    key = str(uuid4())

    first = await cancel(served_orders, shop, key)
    assert await cancel(served_orders, shop, key) == first

    assert await shop.timeline(await shop.order()) == ["CREATED", "CANCELLED"]


async def test_with_the_etag_that_was_seen_it_is_cancelled(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())

    assert (await cancel(served_orders, shop, etag="1")).fulfillment_status == FULFILLMENT_STATUS_CANCELLED


async def test_with_an_old_etag_it_is_refused(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed("#1047", item("TEE-RED", 2))
    await shop.deliver(order, edited(order, "TEE-RED", 1))

    with refused("CHANGED_MEANWHILE") as refusal:
        await cancel(served_orders, shop, etag="1")

    assert refusal.error.facts == {"etag": "2"}
    assert (await shop.order()).cancellation is None


@pytest.mark.parametrize("digital", [False, True])
async def test_an_order_of_which_all_left_is_refused(served_orders: ServedOrders, shop: Shop, *, digital: bool) -> None:
    order = placed("#1047", item("TEE-RED", 2, requires_shipping=not digital))
    await shop.deliver(order, fulfilled(order, "TEE-RED", 2))

    with refused("ORDER_FULFILLED") as refusal:
        await cancel(served_orders, shop)

    assert refusal.error.facts == {"order_id": str((await shop.order()).id)}


async def test_an_unknown_order_is_not_found(served_orders: ServedOrders, shop: Shop) -> None:
    with refused("ORDER_NOT_FOUND"):
        await cancel(served_orders, shop, order_id=str(uuid4()))


async def test_another_organisations_order_is_not_found_and_stays(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    stranger = await open_shop(shop.database)
    await stranger.deliver(placed())
    before = await stranger.order()

    with refused("ORDER_NOT_FOUND"):
        await cancel(served_orders, shop, order_id=str(before.id))

    assert await stranger.order() == before


async def test_a_cancel_needs_a_reason(served_orders: ServedOrders, shop: Shop) -> None:
    request = CancelOrderRequest(order_id=str(uuid4()), reason=CANCEL_REASON_UNSPECIFIED)

    with refused("INVALID_REQUEST"):
        await served_orders.call(served_orders.orders.CancelOrder, request, shop.organization)


async def test_it_needs_its_permission(served_orders: ServedOrders, shop: Shop) -> None:
    request = CancelOrderRequest(order_id=str(uuid4()), reason=CANCEL_REASON_CUSTOMER_REQUEST)

    with refused("NOT_PERMITTED"):
        await served_orders.call(served_orders.orders.CancelOrder, request, shop.organization, "orders.read")


async def test_the_log_tells_of_it(served_orders: ServedOrders, shop: Shop, log_lines: LogLines) -> None:
    await shop.deliver(placed())

    await cancel(served_orders, shop, note="Layla called us")

    (line,) = log_lines.of("order cancelled")
    assert (line["store"], line["order"]) == ("Riyadh", "#1047")
    assert "Layla" not in log_lines.text
