"""Holds that stores place and lift, beside those of people."""

from typing import Any

from chassis.database.pool import Database
from orders.holds.place_hold import NewHold, place_hold
from orders.holds.release_hold import Release, release_hold
from orders.orders.get_order import get_order
from orders.orders.hold import Hold, HoldReason
from orders.orders.order import FulfillmentStatus
from orders.stores.store import Provider
from tests.given import woocommerce_orders as woo
from tests.given.shop import CLOCK, USER, Shop, open_shop
from tests.given.shopify_orders import (
    RISK,
    Json,
    cancelled,
    edited,
    fulfilled,
    item,
    later,
    paid,
    placed,
    risk,
    unpaid,
)


async def assess(shop: Shop, order: Json, level: str, minute: int = 1, provider: int | None = None) -> None:
    await shop.deliver(risk(order, level, minute, provider), topic=RISK, external_id=str(order["id"]))


async def holds(shop: Shop, name: str = "#1047") -> list[Hold]:
    order = await shop.order(name)
    async with shop.database.transaction(shop.organization) as tx:
        found = (await get_order(tx, order.id)).holds
    assert order.hold_count == len(found)
    return list(found)


async def reasons(shop: Shop, name: str = "#1047") -> list[str]:
    return sorted(hold.reason for hold in await holds(shop, name))


async def release(shop: Shop, hold: Hold) -> None:
    order = await shop.order()
    async with shop.database.transaction(shop.organization) as tx:
        await release_hold(tx, CLOCK, Release(order.id, hold.id, "We know her", ""), USER, "test")


async def entries(shop: Shop) -> list[tuple[Any, ...]]:
    rows = await shop.rows(
        "SELECT event, message, reason, actor FROM order_timeline WHERE event LIKE 'HOLD%%' ORDER BY position"
    )
    return [tuple(row) for row in rows]


async def test_an_order_of_high_risk_is_held_until_the_risk_is_high_no_more(shop: Shop) -> None:
    """OR12; each assessor's latest word counts, in whatever order they come."""
    order = placed()
    await shop.deliver(order)
    await assess(shop, order, "HIGH", minute=2)
    await assess(shop, order, "low", minute=1)
    await assess(shop, order, "low", minute=3, provider=7)

    (hold,) = await holds(shop)
    assert (hold.reason, hold.owner, hold.note) == (
        HoldReason.FRAUD,
        "store",
        "its store says that the risk of fraud is high",
    )
    assert [event.order_changed.on_hold for event in await shop.told(await shop.order())] == [False, True]
    await assess(shop, order, "medium", minute=4)

    assert await holds(shop) == []
    store = f"store:{shop.store.id}"
    assert await entries(shop) == [
        ("HOLD_PLACED", "on hold: FRAUD", "its store says that the risk of fraud is high", store),
        ("HOLD_RELEASED", "no more on hold: FRAUD", "", store),
    ]


async def test_a_risk_that_is_heard_before_its_order_holds_it_as_it_comes_in(shop: Shop) -> None:
    """Trap 48's kind: any order of arrival ends the same; in one batch, and in two."""
    first, second = placed("#1"), placed("#2")
    await assess(shop, first, "high")
    await shop.deliver(first)
    await shop.receive(shop.delivery(second), shop.delivery(risk(second, "high"), RISK, external_id=str(second["id"])))

    assert [await reasons(shop, name) for name in ("#1", "#2")] == [["FRAUD"], ["FRAUD"]]


async def test_a_risk_that_is_assessed_again_is_what_it_was_until_it_is_known(shop: Shop) -> None:
    order = placed()
    await shop.deliver(order)
    await assess(shop, order, "high", minute=1)

    await assess(shop, order, "pending", minute=2)
    assert await reasons(shop) == ["FRAUD"]
    await release(shop, (await holds(shop))[0])
    await assess(shop, order, "pending", minute=3)
    await assess(shop, order, "high", minute=4)

    assert await reasons(shop) == []


async def test_an_unpaid_order_is_held_until_it_is_paid_and_what_is_reserved_stays(shop: Shop) -> None:
    """OR12. Others are told, and what inventory holds is as true as before: the order is RESERVED all along."""
    order = unpaid(placed("#1047", item("TEE-RED", 2)))
    await shop.deliver(order)
    await shop.reserved(await shop.order())
    assert await reasons(shop) == ["PAYMENT"]

    await shop.deliver(paid(order))

    found = await shop.order()
    assert (await holds(shop), found.status, found.version) == ([], FulfillmentStatus.RESERVED, 2)
    assert [event.order_changed.on_hold for event in await shop.told(found)] == [True, False]
    assert (await shop.timeline(found)).count("RESERVED") == 1
    await shop.reserved(found)
    assert (await shop.order()).status is FulfillmentStatus.RESERVED


async def test_an_answer_to_an_older_version_than_what_is_wanted_is_not_carried_on(shop: Shop) -> None:
    order = unpaid(placed("#1047", item("TEE-RED", 2)))
    await shop.deliver(order)
    await shop.reserved(await shop.order())

    await shop.deliver(later(edited(order, "TEE-RED", 3), financial_status="paid"))

    assert (await shop.order()).status is FulfillmentStatus.NEW


async def test_a_hold_that_is_released_here_stays_off_until_the_store_says_it_anew(shop: Shop) -> None:
    order = placed()
    await shop.deliver(order)
    await assess(shop, order, "high", minute=1)
    await release(shop, (await holds(shop))[0])

    await shop.deliver(later(order, note="Ring twice"))
    await assess(shop, order, "high", minute=2)
    assert await holds(shop) == []
    await assess(shop, order, "none", minute=3)
    await assess(shop, order, "high", minute=4)

    assert await reasons(shop) == ["FRAUD"]


async def test_a_hold_of_a_person_is_cleared_by_nothing_that_the_store_says(shop: Shop) -> None:
    order = unpaid(placed())
    await shop.deliver(order)
    new = NewHold((await shop.order()).id, HoldReason.PAYMENT, "Support", "ask the bank", "")
    async with shop.database.transaction(shop.organization) as tx:
        await place_hold(tx, CLOCK, new, USER, "test")
    assert await reasons(shop) == ["PAYMENT", "PAYMENT"]

    await shop.deliver(paid(order))

    (hold,) = await holds(shop)
    assert (hold.owner, hold.actor) == ("Support", USER)


async def test_where_nothing_is_to_leave_nothing_is_held(shop: Shop) -> None:
    gone, left = unpaid(placed("#1")), unpaid(placed("#2", item("TEE-RED", 2)))
    await shop.deliver(gone, left, cancelled(gone), fulfilled(left, "TEE-RED", 2))
    await shop.deliver(unpaid(placed("#3", item("", product_id=None, variant_id=None))))

    assert [await reasons(shop, name) for name in ("#1", "#2", "#3")] == [[], [], []]


async def test_woocommerce_holds_orders_by_their_status(orders_database: Database) -> None:
    """Of an unpaid one that its payment is waited for; a paid one is held for a reason that it does not say."""
    shop = await open_shop(orders_database, "TEE-RED", provider=Provider.WOOCOMMERCE)
    order = woo.placed(status="on-hold")
    await shop.deliver(order, topic="order.created")
    assert await reasons(shop, "#727") == ["PAYMENT"]
    working = woo.paid(order)
    await shop.deliver(working, topic="order.updated")
    assert await reasons(shop, "#727") == []

    await shop.deliver(held := woo.with_status(working, "on-hold"), topic="order.updated")
    assert await reasons(shop, "#727") == ["OTHER"]
    await shop.deliver(woo.with_status(held, "processing"), working, topic="order.updated")

    assert await reasons(shop, "#727") == []
