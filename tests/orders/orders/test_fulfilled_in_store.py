"""Units that leave from the store itself: told once, whatever brings the word of it, and taken back where it was."""

import pytest

from orders.orders.edit import SetQuantity
from orders.orders.order import FulfillmentStatus
from tests.given.shop import Shop
from tests.given.shopify_orders import Json, cancelled, fulfilled, item, later, paid, placed


async def told(shop: Shop) -> list[tuple[int, int]]:
    """Units wanted and units that left, of the one line of the one order, by its events."""
    events = await shop.told(await shop.order())
    return [
        (line.wanted, sum(left.quantity for left in line.fulfilled_at))
        for event in events
        for line in event.order_changed.lines
    ]


def failed(order: Json, status: str) -> Json:
    """The store's parcel did not leave after all."""
    after = later(order)
    (parcel,) = after["fulfillments"]
    parcel["status"] = status
    for entry in parcel["line_items"]:
        (line,) = [line for line in after["line_items"] if line["id"] == entry["id"]]
        line["fulfillable_quantity"] += entry["quantity"]
    return after


async def test_what_left_is_told_once_however_often_it_is_said(shop: Shop) -> None:
    """Trap 40, without a parcel of ours: numbers are cumulative, and only a new one is told."""
    order = placed("#1047", item("TEE-RED", 3))
    left = fulfilled(order, "TEE-RED", 2)

    await shop.deliver(order, left, left, paid(left), order, later(paid(left), note="Ring twice"))

    assert await told(shop) == [(3, 0), (3, 2)]


async def test_what_left_before_we_heard_of_the_order_is_told_with_it(shop: Shop) -> None:
    """Trap 40, before."""
    order = placed("#1047", item("TEE-RED", 3))

    await shop.deliver(fulfilled(order, "TEE-RED", 3), order)

    assert await told(shop) == [(3, 3)]
    assert (await shop.order()).status is FulfillmentStatus.NOTHING_TO_SHIP


async def test_parcels_add_up(shop: Shop) -> None:
    """Trap 40, after."""
    order = placed("#1047", item("TEE-RED", 3))
    first = fulfilled(order, "TEE-RED", 1)

    await shop.deliver(order, first, fulfilled(first, "TEE-RED", 2))

    assert await told(shop) == [(3, 0), (3, 1), (3, 3)]


@pytest.mark.parametrize("status", ["cancelled", "failure", "error"])
async def test_a_parcel_that_the_store_cancelled_left_nothing(shop: Shop, status: str) -> None:
    """Trap 40: the units are to leave again, and others are told so."""
    order = placed("#1047", item("TEE-RED", 2))
    left = fulfilled(order, "TEE-RED", 2)
    await shop.deliver(order, left)
    assert (await shop.order()).status is FulfillmentStatus.NOTHING_TO_SHIP

    await shop.deliver(failed(left, status))

    assert await told(shop) == [(2, 0), (2, 2), (2, 0)]
    assert ((await shop.order()).status, (await shop.order()).lines[0].open) == (FulfillmentStatus.NEW, 2)
    (entry,) = await shop.rows("SELECT message FROM order_timeline WHERE event = 'FULFILLMENT_CANCELLED'")
    assert entry.message == "TEE-RED: 2 before, 0 now"


async def test_a_cancelled_order_whose_parcel_was_cancelled_too_says_that_nothing_left(shop: Shop) -> None:
    """Trap 24: both are told, or whoever keeps the stock would never give the units back."""
    order = placed("#1047", item("TEE-RED", 2))
    left = fulfilled(order, "TEE-RED", 2)

    await shop.deliver(order, left, cancelled(failed(left, "cancelled")))

    assert await told(shop) == [(2, 0), (2, 2), (0, 0)]


async def test_what_left_counts_beside_what_was_decided_here(shop: Shop) -> None:
    """Traps 16 and 40."""
    order = placed("#1047", item("TEE-RED", 3))
    await shop.deliver(order)
    before = await shop.order()
    await shop.edit(before, SetQuantity(before.lines[0].id, 2))

    await shop.deliver(fulfilled(order, "TEE-RED", 1))

    assert await told(shop) == [(3, 0), (2, 0), (2, 1)]
