"""What stores' people decided about their orders."""

from datetime import timedelta
from uuid import uuid4

from orders.stores.store import ReserveWhen
from orders.stores.store_policy import StorePolicy, store_policy
from tests.given.shop import Shop


async def test_a_store_reserves_on_order_and_lets_nothing_expire_until_told_otherwise(shop: Shop) -> None:
    async with shop.database.transaction(shop.organization) as tx:
        assert await store_policy(tx, [shop.store.id, uuid4()]) == {
            shop.store.id: StorePolicy(ReserveWhen.ON_ORDER, timedelta())
        }
