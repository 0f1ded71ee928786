"""An unpaid order gives back what it holds when it is due, and a later payment wants it again."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from chassis.clock import SystemClock
from chassis.database.leases import Lease, LeaseLost, take
from chassis.database.pool import Database
from orders.orders.expire_reservations import expire_reservations
from orders.orders.order import FulfillmentStatus
from orders.stores.record_organization import record_organization
from rappit.inventory.v1.events_pb2 import SHORT_REASON_INSUFFICIENT_STOCK
from tests.given.shop import CLOCK, Shop, open_shop
from tests.given.shopify_orders import cancelled, fulfilled, item, later, paid, placed, unpaid

AWAITING = FulfillmentStatus.AWAITING_PAYMENT


class InTwoHours(SystemClock):
    """The time as it is when what lasts an hour is long over."""

    def now(self) -> datetime:
        return super().now() + timedelta(hours=2)


@pytest.fixture
async def lease(orders_database: Database) -> Lease:
    """The lease of a job of this test's own."""
    async with orders_database.directory() as tx:
        taken = await take(tx, f"expire_reservations {uuid4()}", "test")
    assert taken is not None
    return taken


async def policy(shop: Shop, reserve_when: str = "ON_ORDER", expiry: str = "1 hour") -> None:
    await shop.rows("UPDATE stores SET reserve_when = %s, unpaid_expiry = %s RETURNING 1", reserve_when, expiry)


async def wanted(shop: Shop) -> int:
    """Units that the latest event of the one order wants."""
    return sum(line.wanted for line in (await shop.told(await shop.order()))[-1].order_changed.lines)


async def test_an_unpaid_order_gives_back_on_time_and_says_so(shop: Shop, lease: Lease) -> None:
    """Trap 41."""
    await policy(shop)
    await shop.deliver(unpaid(placed("#1047", item("TEE-RED", 2))))
    await shop.reserved(await shop.order())

    await expire_reservations(shop.database, CLOCK, lease)
    assert (await shop.order()).status is FulfillmentStatus.RESERVED
    await expire_reservations(shop.database, InTwoHours(), lease)

    order = await shop.order()
    assert (order.status, order.version, await wanted(shop)) == (AWAITING, 2, 0)
    (entry,) = await shop.rows("SELECT message, actor FROM order_timeline WHERE event = 'AWAITING_PAYMENT'")
    assert entry.message.startswith("not paid by 20")
    assert entry.message.endswith(" UTC: its stock was given back")
    assert entry.actor == "service:orders"
    await expire_reservations(shop.database, InTwoHours(), lease)
    assert await shop.order() == order


async def test_a_payment_that_comes_later_reserves_again_or_says_short(shop: Shop, lease: Lease) -> None:
    """Trap 41."""
    await policy(shop)
    order = unpaid(placed("#1047", item("TEE-RED", 2)))
    await shop.deliver(order)
    await expire_reservations(shop.database, InTwoHours(), lease)
    await shop.closed(await shop.order())

    await shop.deliver(paid(order))

    assert ((await shop.order()).status, await wanted(shop)) == (FulfillmentStatus.NEW, 2)
    await shop.short(await shop.order(), "TEE-RED", 2, SHORT_REASON_INSUFFICIENT_STOCK)
    found = await shop.order()
    assert (found.status, found.reservation_due) == (FulfillmentStatus.SHORT, None)
    assert await shop.timeline(found) == [
        "CREATED",
        "HOLD_PLACED",
        "AWAITING_PAYMENT",
        "PAYMENT_CHANGED",
        "HOLD_RELEASED",
        "SHORT",
    ]


async def test_where_a_store_reserves_on_payment_an_unpaid_order_holds_nothing(shop: Shop) -> None:
    """Trap 41."""
    await policy(shop, "ON_PAYMENT")
    order = unpaid(placed("#1047", item("TEE-RED", 2)))
    await shop.deliver(order)
    assert ((await shop.order()).status, await wanted(shop)) == (AWAITING, 0)

    await shop.deliver(paid(order))

    assert ((await shop.order()).status, await wanted(shop)) == (FulfillmentStatus.NEW, 2)


async def test_what_left_unpaid_stays_left(shop: Shop) -> None:
    """Trap 40: it is consumed, whoever pays."""
    await policy(shop, "ON_PAYMENT")
    order = unpaid(placed("#1047", item("TEE-RED", 3)))

    await shop.deliver(order, fulfilled(order, "TEE-RED", 2))

    (line,) = (await shop.told(await shop.order()))[-1].order_changed.lines
    assert (line.wanted, [left.quantity for left in line.fulfilled_at]) == (2, [2])


async def test_an_order_that_is_paid_or_cancelled_in_time_is_never_due(shop: Shop, lease: Lease) -> None:
    await policy(shop)
    first, second = unpaid(placed("#1")), unpaid(placed("#2"))
    await shop.deliver(first, second, unpaid(placed("#3")), paid(first), cancelled(second))
    await shop.cancel(await shop.order("#3"))
    before = await shop.orders()

    await expire_reservations(shop.database, InTwoHours(), lease)

    assert await shop.orders() == before
    assert [order.reservation_due for order in before] == [None] * 3


async def test_a_snapshot_that_comes_first_expires_it_as_well(shop: Shop) -> None:
    """Whether job or snapshot comes first makes no difference."""
    await policy(shop, expiry="1 microsecond")
    order = unpaid(placed("#1047", item("TEE-RED", 2)))
    await shop.deliver(order, later(order, note="Ring twice"))

    assert (await shop.order()).status is AWAITING
    assert "AWAITING_PAYMENT" in await shop.timeline(await shop.order())


async def test_more_than_one_transaction_takes_expires_in_several_and_a_suspended_organisation_waits(
    shop: Shop, lease: Lease
) -> None:
    """Trap 5: what waits unread may be a payment."""
    suspended = await open_shop(shop.database, "TEE-RED")
    for each in (shop, suspended):
        await policy(each)
        await each.deliver_together(*(unpaid(placed(f"#{number}")) for number in range(5)))
    async with shop.database.transaction(suspended.organization) as tx:
        await record_organization(tx, "SUSPENDED", 9)

    await expire_reservations(shop.database, InTwoHours(), lease, most=2)

    assert {order.status for order in await shop.orders()} == {AWAITING}
    assert AWAITING not in {order.status for order in await suspended.orders()}


async def test_a_holder_that_lost_its_lease_expires_nothing(shop: Shop, lease: Lease) -> None:
    """Trap 46."""
    await policy(shop)
    await shop.deliver(unpaid(placed()))
    async with shop.database.directory() as tx:
        await lease.give_back(tx)

    with pytest.raises(LeaseLost):
        await expire_reservations(shop.database, InTwoHours(), lease)

    assert (await shop.order()).status is FulfillmentStatus.NEW
