"""Unpaid orders follow what is decided of their store."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.database.leases import Lease, LeaseLost, take
from chassis.database.pool import Database
from orders.orders.follow_policies import follow_policies
from orders.orders.order import FulfillmentStatus
from orders.stores.record_organization import record_organization
from orders.stores.store import ReserveWhen
from orders.stores.update_store import StoreUpdate, update_store
from orders.webhooks.on_gateway import on_gateway
from tests.given.shop import CLOCK, USER, Shop, open_store
from tests.given.shopify_orders import item, paid, placed, unpaid

AWAITING = FulfillmentStatus.AWAITING_PAYMENT
NEW = FulfillmentStatus.NEW


@pytest.fixture
async def lease(orders_database: Database) -> Lease:
    """The lease of a job of this test's own."""
    async with orders_database.directory() as tx:
        taken = await take(tx, f"follow_policies {uuid4()}", "test")
    assert taken is not None
    return taken


async def decide(shop: Shop, reserve_when: ReserveWhen | None = None, unpaid_expiry: timedelta | None = None) -> None:
    update = StoreUpdate(shop.store.id, reserve_when=reserve_when, unpaid_expiry=unpaid_expiry)
    async with shop.database.transaction(shop.organization) as tx:
        await update_store(tx, CLOCK, update, USER, "test")


async def wanted(shop: Shop, name: str) -> int:
    """Units that the latest event of an order wants."""
    return sum(line.wanted for line in (await shop.told(await shop.order(name)))[-1].order_changed.lines)


async def test_unpaid_orders_of_that_store_give_back_and_others_stay(shop: Shop, lease: Lease) -> None:
    """Trap 41, for orders that were there before the decision."""
    other = Shop(shop.database, shop.organization, await open_store(shop.database, shop.organization), shop.items)
    await shop.deliver(unpaid(placed("#1", item("TEE-RED", 2))), paid(placed("#2")))
    await other.deliver(unpaid(placed("#3")))
    await shop.reserved(await shop.order("#1"))

    await decide(shop, ReserveWhen.ON_PAYMENT)
    await follow_policies(shop.database, CLOCK, lease)

    assert [order.status for order in await shop.orders()] == [AWAITING, NEW, NEW]
    assert await wanted(shop, "#1") == 0
    (entry,) = await shop.rows(
        "SELECT message, actor, old_value, new_value FROM order_timeline WHERE event = 'POLICY_CHANGED'"
    )
    assert tuple(entry) == ("its store's policy changed", USER, "holds stock", "holds stock when it is paid")
    assert "AWAITING_PAYMENT" in await shop.timeline(await shop.order("#1"))


async def test_they_reserve_again_when_they_may(shop: Shop, lease: Lease) -> None:
    await decide(shop, ReserveWhen.ON_PAYMENT)
    await shop.deliver(unpaid(placed("#1", item("TEE-RED", 2))))
    assert (await shop.order("#1")).status is AWAITING

    await decide(shop, ReserveWhen.ON_ORDER)
    await follow_policies(shop.database, CLOCK, lease)

    assert ((await shop.order("#1")).status, await wanted(shop, "#1")) == (NEW, 2)


async def test_they_are_due_by_the_new_term_counted_from_when_they_came_in(shop: Shop, lease: Lease) -> None:
    await shop.deliver(unpaid(placed("#1")))
    before = await shop.order("#1")

    await decide(shop, unpaid_expiry=timedelta(hours=1))
    await follow_policies(shop.database, CLOCK, lease)
    first = await shop.order("#1")
    await decide(shop, unpaid_expiry=timedelta(microseconds=1))
    await follow_policies(shop.database, CLOCK, lease)

    assert (first.reservation_due, first.version) == (before.create_time + timedelta(hours=1), 1)
    assert (await shop.order("#1")).status is AWAITING


async def test_more_than_one_transaction_takes_follow_in_several(shop: Shop, lease: Lease) -> None:
    await shop.deliver_together(*(unpaid(placed(f"#{number}")) for number in range(5)))

    await decide(shop, ReserveWhen.ON_PAYMENT)
    await follow_policies(shop.database, CLOCK, lease, most=2)

    assert [order.status for order in await shop.orders()] == [AWAITING] * 5


async def test_an_order_that_came_in_meanwhile_under_the_old_policy_follows_too(shop: Shop, lease: Lease) -> None:
    async with shop.database.transaction(shop.organization) as tx:
        await on_gateway(CLOCK, tx, [shop.delivery(unpaid(placed("#1")))])
        await decide(shop, ReserveWhen.ON_PAYMENT)
        await follow_policies(shop.database, CLOCK, lease)
    assert (await shop.order("#1")).status is NEW

    await shop.rows("UPDATE following_stores SET due_time = now() RETURNING 1")
    await follow_policies(shop.database, CLOCK, lease)

    assert (await shop.order("#1")).status is AWAITING
    assert await shop.rows("SELECT FROM following_stores") == []


async def test_a_suspended_organisations_orders_wait(shop: Shop, lease: Lease) -> None:
    """Trap 5: what waits unread may be a payment."""
    await shop.deliver(unpaid(placed("#1")))
    await decide(shop, ReserveWhen.ON_PAYMENT)
    async with shop.database.transaction(shop.organization) as tx:
        await record_organization(tx, "SUSPENDED", 9)

    await follow_policies(shop.database, CLOCK, lease)

    assert (await shop.order("#1")).status is NEW


async def test_a_name_alone_moves_nothing(shop: Shop) -> None:
    async with shop.database.transaction(shop.organization) as tx:
        await update_store(tx, CLOCK, StoreUpdate(shop.store.id, name="Jeddah"), USER, "test")

    assert await shop.rows("SELECT FROM following_stores") == []


async def test_a_holder_that_lost_its_lease_moves_nothing(shop: Shop, lease: Lease) -> None:
    """Trap 46."""
    await shop.deliver(unpaid(placed("#1")))
    await decide(shop, ReserveWhen.ON_PAYMENT)
    async with shop.database.directory() as tx:
        await lease.give_back(tx)

    with pytest.raises(LeaseLost):
        await follow_policies(shop.database, CLOCK, lease)

    assert (await shop.order("#1")).status is NEW
