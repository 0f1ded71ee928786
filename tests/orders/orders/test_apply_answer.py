"""What inventory answers becomes the status of orders."""

from dataclasses import replace
from uuid import uuid4

import pytest

from orders.orders.apply_answer import UnknownOrder
from orders.orders.order import FulfillmentStatus
from rappit.inventory.v1.events_pb2 import (
    SHORT_REASON_INSUFFICIENT_STOCK,
    SHORT_REASON_NO_WAREHOUSE,
    DemandReserved,
)
from rappit.inventory.v1.reservations_pb2 import DEMAND_OWNER_API
from tests.given.log_lines import LogLines
from tests.given.shop import Shop
from tests.given.shopify_orders import cancelled, edited, item, placed

NEW = FulfillmentStatus.NEW
RESERVED = FulfillmentStatus.RESERVED
SHORT = FulfillmentStatus.SHORT


async def test_an_order_of_which_all_is_reserved_is_reserved(shop: Shop) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 2), item("CAP")))

    await shop.reserved(await shop.order())

    found = await shop.order()
    assert (found.status, found.short_reason) == (RESERVED, "")
    assert [line.reserved for line in found.lines] == [2, 1]
    assert await shop.timeline(found) == ["CREATED", "RESERVED"]
    assert found.version == 1


async def test_nothing_is_published_for_an_answer(shop: Shop) -> None:
    await shop.deliver(placed())
    order = await shop.order()

    await shop.reserved(order)

    assert len(await shop.told(order)) == 1


async def test_an_order_that_lacks_units_is_short_and_says_of_what(shop: Shop) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 2), item("CAP")))

    await shop.short(await shop.order(), "CAP", 1, SHORT_REASON_INSUFFICIENT_STOCK)

    found = await shop.order()
    assert (found.status, found.short_reason) == (SHORT, "CAP lacks 1: too few are in stock")
    assert [line.reserved for line in found.lines] == [0, 0]


async def test_an_order_that_was_short_is_reserved_when_units_came(shop: Shop) -> None:
    await shop.deliver(placed())
    await shop.short(await shop.order(), "TEE-RED", 2, SHORT_REASON_NO_WAREHOUSE)

    await shop.reserved(await shop.order())

    found = await shop.order()
    assert (found.status, found.short_reason) == (RESERVED, "")
    assert await shop.timeline(found) == ["CREATED", "SHORT", "RESERVED"]


async def test_an_order_that_lost_units_is_told_so(shop: Shop) -> None:
    """Trap 44, orders' side: it is SHORT again, and its timeline says of what, what it was before, and who said so."""
    await shop.deliver(placed())
    await shop.reserved(await shop.order())

    await shop.short(await shop.order(), "TEE-RED", 1, SHORT_REASON_INSUFFICIENT_STOCK)

    assert (await shop.order()).status is SHORT
    (entry,) = await shop.rows("SELECT message, actor, old_value, new_value FROM order_timeline WHERE event = 'SHORT'")
    assert tuple(entry) == ("TEE-RED lacks 1: too few are in stock", "service:inventory", "RESERVED", "SHORT")


async def test_an_answer_with_a_revision_that_is_not_greater_changes_nothing(shop: Shop) -> None:
    await shop.deliver(placed())
    order = await shop.order()
    await shop.reserved(order, revision=2)
    before = await shop.order()

    await shop.short(order, "TEE-RED", 1, SHORT_REASON_INSUFFICIENT_STOCK, revision=1)
    await shop.short(order, "TEE-RED", 1, SHORT_REASON_INSUFFICIENT_STOCK, revision=2)

    assert await shop.order() == before


async def test_an_answer_to_an_older_version_leaves_the_order_new_and_tells_what_is_held(shop: Shop) -> None:
    order = placed("#1047", item("TEE-RED", 2))
    await shop.deliver(order)
    first = await shop.order()
    await shop.deliver(edited(order, "TEE-RED", 3))

    await shop.reserved(first)

    found = await shop.order()
    assert (found.status, found.version) == (NEW, 2)
    assert found.lines[0].reserved == 2


async def test_the_answer_to_the_current_version_counts_after_one_to_an_older(shop: Shop) -> None:
    order = placed("#1047", item("TEE-RED", 2))
    await shop.deliver(order)
    first = await shop.order()
    await shop.deliver(edited(order, "TEE-RED", 3))
    await shop.reserved(first)

    await shop.reserved(await shop.order())

    assert (await shop.order()).status is RESERVED


async def test_the_end_of_a_cancelled_order_leaves_it_cancelled_with_nothing_held(shop: Shop) -> None:
    """Trap 43, orders' part: what inventory still answers to a cancelled order does not bring it back."""
    order = placed()
    await shop.deliver(order)
    await shop.reserved(await shop.order())
    await shop.deliver(cancelled(order))

    await shop.closed(await shop.order())

    found = await shop.order()
    assert found.status is FulfillmentStatus.CANCELLED
    assert [line.reserved for line in found.lines] == [0]


async def test_a_late_reserved_does_not_bring_a_cancelled_order_back(shop: Shop) -> None:
    """Trap 43, orders' part."""
    order = placed()
    await shop.deliver(order)
    first = await shop.order()
    await shop.cancel(first)

    await shop.reserved(first)

    assert (await shop.order()).status is FulfillmentStatus.CANCELLED


async def test_a_demand_that_ended_while_units_are_wanted_is_shown(shop: Shop) -> None:
    await shop.deliver(placed())

    await shop.closed(await shop.order())

    found = await shop.order()
    assert (found.status, found.short_reason) == (SHORT, "inventory holds nothing for it")


async def test_demands_of_others_are_passed_over(shop: Shop) -> None:
    await shop.deliver(placed())
    order = await shop.order()

    await shop.answer(order, owner=DEMAND_OWNER_API, demand_reserved=DemandReserved())

    assert await shop.order() == order


async def test_an_answer_for_an_order_that_is_not_here_is_a_failure_that_is_seen(shop: Shop) -> None:
    await shop.deliver(placed())
    order = replace(await shop.order(), id=uuid4())

    with pytest.raises(UnknownOrder, match=str(order.id)):
        await shop.reserved(order)


async def test_the_log_says_what_became_of_orders_and_how_fast(shop: Shop, log_lines: LogLines) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 2)))
    order = await shop.order()

    await shop.reserved(order)

    (line,) = log_lines.of("order reserved")
    assert line["milliseconds"] >= 5
    assert {name: line[name] for name in ("store", "order", "lines", "total", "currency")} == {
        "store": "Riyadh",
        "order": "#1047",
        "lines": 1,
        "total": "118.00",
        "currency": "SAR",
    }
