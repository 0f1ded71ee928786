"""What deliveries led to is kept for 30 days."""

from uuid import uuid4

from chassis.database.leases import take
from orders.webhooks.record_deliveries import delete_old_deliveries
from tests.given.shop import Shop
from tests.given.shopify_orders import placed


async def test_old_ones_are_forgotten_and_younger_ones_kept(shop: Shop) -> None:
    await shop.deliver(placed("#1"), placed("#2"))
    async with shop.database.transaction(shop.organization) as tx:
        await tx.execute("""
            UPDATE deliveries SET receive_time = now() - interval '31 days'
            WHERE event_id = (SELECT min(event_id::text)::uuid FROM deliveries)
        """)
    async with shop.database.directory() as tx:
        lease = await take(tx, f"forget {uuid4()}", "test")
    assert lease

    await delete_old_deliveries(shop.database, lease)

    assert len(await shop.rows("SELECT FROM deliveries")) == 1
