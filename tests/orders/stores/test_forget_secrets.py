"""Secrets that sign no more are not kept."""

from datetime import timedelta
from uuid import uuid4

from chassis.database.leases import take
from orders.stores.disconnect_store import disconnect_store
from orders.stores.forget_secrets import forget_old_secrets
from orders.stores.rotate_store_secret import Rotation, rotate_store_secret
from tests.given.shop import CLOCK, SEALER, Shop, open_shop


async def test_a_secret_whose_time_is_up_is_forgotten_and_others_are_not(shop: Shop) -> None:
    """Trap 7."""
    gone, rotated, rotating = shop, await open_shop(shop.database), await open_shop(shop.database)
    async with gone.database.transaction(gone.organization) as tx:
        await disconnect_store(tx, CLOCK, gone.store.id, "test")
        await tx.execute("UPDATE stores SET old_webhook_secret_end_time = now() - interval '1 second'")
    for each, ends in ((rotated, timedelta(seconds=-1)), (rotating, timedelta(hours=1))):
        rotation = Rotation(each.store.id, "shpss_another_one_01", CLOCK.now() + ends)
        async with each.database.transaction(each.organization) as tx:
            await rotate_store_secret(tx, CLOCK, SEALER, rotation, "test")
    async with shop.database.directory() as tx:
        lease = await take(tx, f"forget {uuid4()}", "test")
    assert lease

    await forget_old_secrets(shop.database, CLOCK, lease)

    statement = "SELECT webhook_secret <> '' AS one, old_webhook_secret <> '' AS old FROM stores"
    kept = [tuple((await each.rows(statement))[0]) for each in (gone, rotated, rotating)]
    assert kept == [(False, None), (True, None), (True, True)]
