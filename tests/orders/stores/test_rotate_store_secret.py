"""RotateStoreSecret: the next secret, with both alive for a while."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp

from rappit.orders.v1.store_pb2 import Store
from rappit.orders.v1.stores_pb2 import DisconnectStoreRequest, RotateStoreSecretRequest
from tests.given.connected_stores import connect, resolve, told_versions
from tests.given.log_lines import LogLines
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import SECRET, Shop

NEXT = "shpss_the_next_one_0001"
THIRD = "shpss_the_third_one_001"


async def rotate(served: ServedOrders, organization: UUID, store: Store, secret: str, **fields: Any) -> Store:
    request = RotateStoreSecretRequest(store_id=store.id, webhook_secret=secret, **fields)
    rotated: Store = (await served.call(served.stores.RotateStoreSecret, request, organization)).store
    return rotated


def in_(time: timedelta) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(datetime.now(UTC) + time)
    return stamp


async def test_both_sign_until_the_old_one_ends(served_orders: ServedOrders, shop: Shop, log_lines: LogLines) -> None:
    """Trap 7."""
    store = await connect(served_orders, shop.organization)

    rotated = await rotate(served_orders, shop.organization, store, NEXT)

    assert list((await resolve(served_orders, store)).webhook_secrets) == [NEXT, SECRET]
    overlap = rotated.old_webhook_secret_end_time.ToDatetime(UTC) - datetime.now(UTC)
    assert timedelta(hours=23) < overlap <= timedelta(hours=24)
    assert await told_versions(served_orders, shop.organization, store) == [1, 2]
    assert NEXT not in log_lines.text + str(rotated)


async def test_one_that_ended_signs_no_more(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)

    await rotate(served_orders, shop.organization, store, NEXT, old_secret_end_time=in_(timedelta(seconds=-1)))

    assert list((await resolve(served_orders, store)).webhook_secrets) == [NEXT]


async def test_a_second_rotation_ends_the_first_secret_at_once(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)

    await rotate(served_orders, shop.organization, store, NEXT)
    await rotate(served_orders, shop.organization, store, THIRD)

    assert list((await resolve(served_orders, store)).webhook_secrets) == [THIRD, NEXT]


async def test_an_old_secret_does_not_live_for_months(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)

    with refused("INVALID_REQUEST"):
        await rotate(served_orders, shop.organization, store, NEXT, old_secret_end_time=in_(timedelta(days=31)))


async def test_a_disconnected_store_has_none_to_rotate(served_orders: ServedOrders, shop: Shop) -> None:
    store = await connect(served_orders, shop.organization)
    await served_orders.call(
        served_orders.stores.DisconnectStore, DisconnectStoreRequest(store_id=store.id), shop.organization
    )

    with refused("STORE_DISCONNECTED"):
        await rotate(served_orders, shop.organization, store, NEXT)
