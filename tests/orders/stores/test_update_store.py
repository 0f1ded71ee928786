"""UpdateStore: a store's name, and when its orders reserve."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.duration_pb2 import Duration

from orders.stores.get_store import get_store
from orders.stores.store import ReserveWhen
from rappit.orders.v1.store_pb2 import RESERVE_WHEN_ON_ORDER, RESERVE_WHEN_ON_PAYMENT, Store
from rappit.orders.v1.stores_pb2 import UpdateStoreRequest
from tests.given.connected_stores import connect, told_versions
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop


async def update(served: ServedOrders, organization: UUID, store: Store, **fields: Any) -> Store:
    request = UpdateStoreRequest(store_id=store.id, **fields)
    changed: Store = (await served.call(served.stores.UpdateStore, request, organization)).store
    return changed


async def test_what_is_given_changes_and_the_rest_stays(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)

    renamed = await update(served_orders, shop.organization, store, name="Riyadh, Olaya")
    after = await update(
        served_orders,
        shop.organization,
        store,
        reserve_when=RESERVE_WHEN_ON_PAYMENT,
        unpaid_expiry=Duration(seconds=7200),
    )

    assert (renamed.name, renamed.reserve_when) == ("Riyadh, Olaya", RESERVE_WHEN_ON_ORDER)
    assert (after.name, after.unpaid_expiry.seconds) == ("Riyadh, Olaya", 7200)
    async with served_orders.database.transaction(shop.organization) as tx:
        kept = await get_store(tx, UUID(store.id))
    assert (kept.reserve_when, kept.unpaid_expiry) == (ReserveWhen.ON_PAYMENT, timedelta(hours=2))
    assert await told_versions(served_orders, shop.organization, store) == [1, 2, 3]


async def test_nothing_new_tells_nobody(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)

    after = await update(served_orders, shop.organization, store, name=store.name)

    assert after.etag == store.etag
    assert await told_versions(served_orders, shop.organization, store) == [1]


async def test_somebody_elses_change_is_not_overwritten(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)
    seen = await update(served_orders, shop.organization, store, name="Olaya", etag=store.etag)

    with refused("CHANGED_MEANWHILE") as refusal:
        await update(served_orders, shop.organization, store, name="Malaz", etag=store.etag)

    assert refusal.error.facts["etag"] == seen.etag


@pytest.mark.parametrize("seconds", [-1, 90 * 86_400 + 1, 300_000_000_000])
async def test_an_expiry_is_from_none_to_90_days(served_orders: ServedOrders, shop: Shop, seconds: int) -> None:
    store = await connect(served_orders, shop.organization)

    with refused("INVALID_REQUEST") as refusal:
        await update(served_orders, shop.organization, store, unpaid_expiry=Duration(seconds=seconds))

    assert [violation.field for violation in refusal.error.violations] == ["unpaid_expiry"]
