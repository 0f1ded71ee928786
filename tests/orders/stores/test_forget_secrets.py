"""Secrets that sign no more are not kept."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chassis.database.leases import Lease, take
from chassis.database.transaction import Transaction
from orders.errors import StoreNotFound
from orders.stores.change_store import lock_store
from orders.stores.disconnect_store import disconnect_store
from orders.stores.forget_secrets import forget_old_secrets
from orders.stores.rotate_store_secret import Rotation, rotate_store_secret
from orders.stores.store import Store
from tests.given.log_lines import LogLines
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
    lease = await _lease(shop)

    await forget_old_secrets(shop.database, CLOCK, lease)

    statement = "SELECT webhook_secret <> '' AS one, old_webhook_secret <> '' AS old FROM stores"
    kept = [tuple((await each.rows(statement))[0]) for each in (gone, rotated, rotating)]
    assert kept == [(False, None), (True, None), (True, True)]


async def test_a_store_that_fails_keeps_no_other_from_its_turn(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, log_lines: LogLines
) -> None:
    """Trap 7."""
    fails, next_one = shop, await open_shop(shop.database)
    for each, ends in ((fails, timedelta(seconds=-9)), (next_one, timedelta(seconds=-8))):
        rotation = Rotation(each.store.id, "shpss_another_one_01", CLOCK.now() + ends)
        async with each.database.transaction(each.organization) as tx:
            await rotate_store_secret(tx, CLOCK, SEALER, rotation, "test")

    async def lock_or_fail(tx: Transaction, store_id: UUID) -> Store:
        if store_id == fails.store.id:
            raise StoreNotFound(store_id)
        return await lock_store(tx, store_id)

    monkeypatch.setattr("orders.stores.forget_secrets.lock_store", lock_or_fail)

    await forget_old_secrets(shop.database, CLOCK, await _lease(shop))

    statement = "SELECT old_webhook_secret IS NOT NULL AS kept FROM stores"
    assert [(await each.rows(statement))[0].kept for each in (fails, next_one)] == [True, False]
    assert "old secret not forgotten" in log_lines.text


async def _lease(shop: Shop) -> Lease:
    async with shop.database.directory() as tx:
        lease = await take(tx, f"forget {uuid4()}", "test")
    assert lease
    return lease
