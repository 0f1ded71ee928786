"""The main job over real processes: an order comes in, is reserved, cancelled, given back."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.given.merchants import Merchant, eventually, order_of

pytestmark = pytest.mark.kafka


@pytest.fixture
async def merchant(gateway: str) -> AsyncIterator[Merchant]:
    """A merchant with ten mugs and a connected store."""
    async with Merchant.signed_up(gateway) as merchant:
        await merchant.stock("MUG", 10)
        await merchant.connect()
        yield merchant


async def test_a_signed_order_is_reserved_and_a_cancel_in_the_store_gives_it_back(merchant: Merchant) -> None:
    assert await merchant.deliver(order_of("#1001", ("MUG", 3))) == 200
    await merchant.order("#1001", "RESERVED")
    assert await merchant.level("MUG") == (10, 3, 7)

    cancelled = order_of(
        "#1001", ("MUG", 3), updated="2026-11-02T15:00:00+03:00", cancelled_at="2026-11-02T15:00:00+03:00"
    )
    assert await merchant.deliver(cancelled, "orders/cancelled") == 200
    await merchant.order("#1001", "CANCELLED")
    await eventually_level(merchant, "MUG", (10, 0, 10))


async def test_an_operators_cancel_gives_the_stock_back(merchant: Merchant) -> None:
    assert await merchant.deliver(order_of("#1002", ("MUG", 4))) == 200
    order = await merchant.order("#1002", "RESERVED")
    reason = {"reason": "CANCEL_REASON_CUSTOMER_REQUEST", "etag": order["etag"]}
    await merchant.post(f"/v1/orders/{order['id']}:cancel", reason)
    await eventually_level(merchant, "MUG", (10, 0, 10))
    timeline = (await merchant.get(f"/v1/orders/{order['id']}/timeline"))["entries"]
    assert [entry["actor"].partition(":")[0] for entry in timeline][-1] in {"user", "service"}


async def test_the_same_delivery_five_times_at_once_is_one_order(merchant: Merchant) -> None:
    """Trap 11."""
    body = order_of("#1003", ("MUG", 2))
    assert await asyncio.gather(*(merchant.deliver(body) for _ in range(5))) == [200] * 5
    await merchant.order("#1003", "RESERVED")
    assert await merchant.level("MUG") == (10, 2, 8)


async def test_an_older_copy_that_comes_late_changes_nothing_and_a_newer_one_does(merchant: Merchant) -> None:
    """Trap 11."""
    older = order_of("#1004", ("MUG", 5), updated="2026-11-02T14:00:00+03:00")
    newer = order_of("#1004", ("MUG", 2), updated="2026-11-02T14:30:00+03:00")
    newest = order_of("#1004", ("MUG", 3), updated="2026-11-02T14:45:00+03:00")
    for body in (newer, older, newest, older):
        assert await merchant.deliver(body, "orders/updated") == 200
    await eventually_level(merchant, "MUG", (10, 3, 7))
    await merchant.order("#1004", "RESERVED")


async def test_a_forged_order_is_refused_and_leaves_nothing(merchant: Merchant) -> None:
    """Trap 10."""
    assert await merchant.deliver(order_of("#1005", ("MUG", 1)), secret="somebody else's secret") == 401
    assert await merchant.deliver(order_of("#1006", ("MUG", 1))) == 200
    await merchant.order("#1006", "RESERVED")
    assert await merchant.orders(query="#1005") == []


async def test_an_order_that_finds_too_little_is_short_and_served_when_stock_comes(merchant: Merchant) -> None:
    assert await merchant.deliver(order_of("#1007", ("MUG", 12))) == 200
    short = await merchant.order("#1007", "SHORT")
    assert short["shortReason"]
    assert await merchant.level("MUG") == (10, 0, 10)
    await merchant.stock("MUG", 5)
    await merchant.order("#1007", "RESERVED")
    assert await merchant.level("MUG") == (15, 12, 3)


async def test_an_unknown_sku_waits_for_its_item_and_is_then_reserved(merchant: Merchant) -> None:
    """Trap 14."""
    assert await merchant.deliver(order_of("#1008", ("TRAY", 1), ("MUG", 1))) == 200
    waiting = await merchant.order("#1008", "SHORT")
    assert waiting["unmappedLineCount"] == 1
    assert "TRAY" in waiting["shortReason"]
    await merchant.stock("TRAY", 2)
    await merchant.order("#1008", "RESERVED")
    await eventually_level(merchant, "TRAY", (2, 1, 1))


async def test_two_organisations_with_the_same_sku_do_not_meet(gateway: str, merchant: Merchant) -> None:
    """Trap 1."""
    async with Merchant.signed_up(gateway) as other:
        await other.stock("MUG", 1)
        await other.connect()
        assert await other.deliver(order_of("#1009", ("MUG", 1))) == 200
        await other.order("#1009", "RESERVED")
    assert await merchant.orders(query="#1009") == []
    assert await merchant.level("MUG") == (10, 0, 10)


async def eventually_level(merchant: Merchant, sku: str, level: tuple[int, int, int]) -> None:
    """Wait until the item's units on hand, reserved and available are these."""
    await eventually(lambda: merchant.level(sku), lambda now: now == level)
