"""What one transaction leaves unmapped, the job maps."""

from uuid import uuid4

import pytest

from chassis.database.leases import Lease, LeaseLost, take
from chassis.database.pool import Database
from orders.mappings.map_unfinished import map_unfinished
from orders.mappings.record_items import KnownItem, record_items
from tests.given.shop import CLOCK, Shop
from tests.given.shopify_orders import item, placed


@pytest.fixture
async def lease(orders_database: Database) -> Lease:
    """The lease of a job of this test's own."""
    async with orders_database.directory() as tx:
        taken = await take(tx, f"map_unfinished {uuid4()}", "test")
    assert taken is not None
    return taken


async def unmapped(shop: Shop) -> int:
    return sum(order.unmapped_line_count for order in await shop.orders())


async def test_what_more_than_one_transaction_takes_is_mapped_by_the_job(shop: Shop, lease: Lease) -> None:
    await shop.deliver_together(*(placed(f"#{number}", item("SCARF")) for number in range(7)))
    async with shop.database.transaction(shop.organization) as tx:
        await record_items(tx, CLOCK, [KnownItem(uuid4(), "SCARF", 1, "test")], most=3)
    assert await unmapped(shop) == 4

    await map_unfinished(shop.database, CLOCK, lease, most=2)

    assert await unmapped(shop) == 0
    assert [order.version for order in await shop.orders()] == [2] * 7
    assert await shop.rows("SELECT FROM unfinished_skus") == []


async def test_a_holder_that_lost_its_lease_maps_nothing(shop: Shop, lease: Lease) -> None:
    await shop.deliver_together(*(placed(f"#{number}", item("SCARF")) for number in range(2)))
    async with shop.database.transaction(shop.organization) as tx:
        await record_items(tx, CLOCK, [KnownItem(uuid4(), "SCARF", 1, "test")], most=1)
    async with shop.database.directory() as tx:
        await lease.give_back(tx)

    with pytest.raises(LeaseLost):
        await map_unfinished(shop.database, CLOCK, lease)

    assert await unmapped(shop) == 1
