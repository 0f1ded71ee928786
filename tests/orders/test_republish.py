"""Telling again what is, for receivers that missed or lost it."""

import pytest

from orders import republish as module
from orders.republish import republish
from rappit.orders.v1.events_pb2 import OrderEvent, StoreEvent
from tests.given.shop import CLOCK, Shop
from tests.given.shopify_orders import edited, item, placed

ORDERS = OrderEvent.DESCRIPTOR.full_name
STORES = StoreEvent.DESCRIPTOR.full_name


async def told(shop: Shop, topic: str) -> list[str]:
    rows = await shop.rows("SELECT aggregateid FROM outbox WHERE aggregatetype = %s ORDER BY seq", topic)
    return [row.aggregateid for row in rows]


async def test_every_order_and_store_is_told_again_in_its_present_version(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    orders = [placed(f"#{number}", item("TEE-RED", 2)) for number in range(5)]
    await shop.deliver(*orders, edited(orders[0], "TEE-RED", 1))
    before = await told(shop, ORDERS)

    assert await republish(shop.database, CLOCK, shop.organization) == 6

    again = (await told(shop, ORDERS))[len(before) :]
    assert sorted(again) == sorted(str(order.id) for order in await shop.orders())
    assert await told(shop, STORES) == [str(shop.store.id)] * 2
    first = await shop.order("#0")
    *_, last, repeated = await shop.told(first)
    assert repeated.header.id != last.header.id
    assert (repeated.header.aggregate_version, repeated.order_changed) == (2, last.order_changed)


async def test_one_order_or_one_store_is_told_again_alone(shop: Shop) -> None:
    await shop.deliver(placed("#1"), placed("#2"))
    order = await shop.order("#1")

    assert await republish(shop.database, CLOCK, shop.organization, order.id) == 1
    assert await republish(shop.database, CLOCK, shop.organization, shop.store.id) == 1

    assert (await told(shop, ORDERS))[2:] == [str(order.id)]
    assert await told(shop, STORES) == [str(shop.store.id)] * 2


async def test_what_is_another_organisations_is_not_told(shop: Shop) -> None:
    await shop.deliver(placed())

    assert await republish(shop.database, CLOCK, shop.store.id) == 0
