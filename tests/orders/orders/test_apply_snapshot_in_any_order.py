"""Whatever the order of arrival, and however often each snapshot comes, an order ends the same."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from chassis.database.pool import Database
from orders.orders.order import Order
from tests.given.shop import Shop, open_organization, open_shop
from tests.given.shopify_orders import (
    Json,
    added,
    by_guest,
    cancelled,
    edited,
    fulfilled,
    item,
    later,
    line_of,
    paid,
    placed,
    refunded,
    unpaid,
)


def stories() -> list[list[Json]]:
    """Stages of one order each, in the order in which they happened; some at one time, as stores send them."""
    order = placed("#1047", item("TEE-RED", 3), item("CAP"), item("NO-ITEM"))
    guest = by_guest(order)
    edit = edited(paid(order), "TEE-RED", 1)
    left = fulfilled(edit, "TEE-RED", 1)
    removed = later(edit, line_items=[line_of(edit, "TEE-RED")])
    same_time = {"updated_at": order["updated_at"]}
    return [
        [order, paid(order), edit, cancelled(edit)],
        [order, edited(order, "TEE-RED", 0), paid(order), added(edit, item("MUG", 2))],
        [order, cancelled(order) | same_time, paid(order) | same_time, order | {"note": "Ring twice"}],
        [order, edit, left, refunded(left, "TEE-RED", 1, "return")],
        [guest, paid(order), edited(paid(order), "CAP", 2), removed],
        [unpaid(order), paid(order), later(paid(order), financial_status="voided")],
        # One time, and nothing else tells which is later: the body's digest decides.
        [order, order | {"note": "Ring twice"}],
    ]


STORIES = stories()


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[int, list[list[int]]]:
    """A story, and the batches in which its stages arrive: in any order, with repeats."""
    story = draw(st.integers(0, len(STORIES) - 1))
    stages = range(len(STORIES[story]))
    rest = draw(st.permutations([*stages, *draw(st.lists(st.sampled_from(stages), max_size=4))]))
    batches = []
    while rest:
        size = draw(st.integers(1, len(rest)))
        batches.append(list(rest[:size]))
        rest = rest[size:]
    return story, batches


@settings(max_examples=40, deadline=None)
@given(arrivals())
@example((len(STORIES) - 1, [[1], [0]]))
async def test_any_order_of_arrival_ends_the_same(
    orders_database: Database, arrives: tuple[int, list[list[int]]]
) -> None:
    """Traps 12 and 48."""
    story, batches = STORIES[arrives[0]], arrives[1]
    first = await _shop(orders_database)
    second = await _shop(orders_database)

    for stage in story:
        await first.deliver(stage)
    for batch in batches:
        await second.deliver_together(*(story[stage] for stage in batch))

    assert await _end(second) == await _end(first)


async def _shop(database: Database) -> Shop:
    return await open_shop(database, "TEE-RED", "CAP", "MUG", organization=await open_organization(database))


async def _end(shop: Shop) -> dict[str, Any]:
    """How the one order ended, without ids that were drawn and without how often it changed."""
    (order,) = await shop.orders()
    skus = {item_id: sku for sku, item_id in shop.items.items()}
    return {
        "snapshot": order.snapshot,
        "rank": order.snapshot.rank,
        "items": [line.item_id and skus[line.item_id] for line in order.lines],
        "status": order.status,
        "reason": order.short_reason,
        "customer": order.customer_id is not None,
        "holds": (order.store_holds, [row.reason for row in await shop.rows("SELECT reason FROM order_holds")]),
        "told": await _told(shop, order),
        "terms": sorted(row.term for row in await shop.rows("SELECT term FROM order_terms")),
    }


async def _told(shop: Shop, order: Order) -> tuple[bool, bool, list[tuple[str, int, int]]]:
    """What other services must do, as the last event said."""
    skus = {str(item_id): sku for sku, item_id in shop.items.items()}
    event = (await shop.told(order))[-1]
    assert event.header.aggregate_version == order.version
    lines = [
        (skus[line.item_id], line.wanted, sum(left.quantity for left in line.fulfilled_at))
        for line in event.order_changed.lines
    ]
    return event.order_changed.cancelled, event.order_changed.on_hold, sorted(lines)
