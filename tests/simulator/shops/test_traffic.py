"""What happens in a shop by itself."""

from collections import Counter
from datetime import datetime

import pytest

from simulator.shops.traffic import Traffic
from tests.given.log_lines import LogLines
from tests.given.simulated_shop import NAME, World

AT_REST = dict.fromkeys(("pay", "update", "cancel", "edit", "repeat", "older", "forge", "delay"), 0)


async def beats(world: World, count: int, most_open_orders: int | None = None, **shares: float) -> None:
    """So many orders, and what goes with them."""
    told = {"shares": {"paid": 0} | AT_REST | shares, "most_open_orders": most_open_orders}
    world.shops.open(NAME, world.settings(**told))
    traffic = Traffic(world.storefront, world.random)
    for _ in range(count):
        world.clock.pass_by(seconds=5)
        traffic.beat(world.shop)
        await world.sender.settled()


async def test_each_beat_is_one_new_order(world: World) -> None:
    await beats(world, 5)

    assert [one.order["name"] for one in world.receiver.taken] == ["#1001", "#1002", "#1003", "#1004", "#1005"]
    assert {one.topic for one in world.receiver.taken} == {"orders/create"}


@pytest.mark.parametrize(
    ("share", "topic"),
    [("pay", "orders/paid"), ("cancel", "orders/cancelled")],
)
async def test_orders_change_by_the_shops_shares(world: World, share: str, topic: str) -> None:
    await beats(world, 6, **{share: 1})
    changed = [one.order["name"] for one in world.receiver.taken if one.topic == topic]

    assert len(changed) == len(set(changed)) == 6


async def test_orders_leave_as_they_came_and_not_the_moment_they_come(world: World) -> None:
    await beats(world, 16, most_open_orders=10)
    left = [one.order["name"] for one in world.receiver.taken if one.topic == "orders/fulfilled"]

    assert left == [f"#{1001 + index}" for index in range(6)]


async def test_what_nobody_paid_in_all_that_time_is_cancelled_where_the_shop_waits_for_payment(world: World) -> None:
    shop = world.shops.open("jeddah.example.com", world.settings(most_open_orders=2, shares={"paid": 0} | AT_REST))
    traffic = Traffic(world.storefront, world.random)
    for _ in range(3):
        traffic.beat(shop)
    await world.sender.settled()

    assert [versions[-1].order["status"] for versions in shop.orders.latest(3)] == ["on-hold", "on-hold", "cancelled"]
    assert shop.open_orders == [1002, 1003]


async def test_a_shop_that_lives_fast_sells_more_often_and_is_late_by_less(world: World) -> None:
    shop = world.shops.open(NAME, world.settings(rate_per_minute=6, speed=100, shares=AT_REST | {"delay": 1}))
    Traffic(world.storefront, world.random).beat(shop)
    await world.sender.settled()

    assert shop.rate_per_minute == 600
    assert all(0.03 <= pause <= 0.15 for pause in world.pauses)
    assert world.pauses


async def test_orders_are_edited_by_the_shops_shares(world: World) -> None:
    await beats(world, 6, edit=1)

    assert sum(one.topic == "orders/edited" for one in world.receiver.taken) == 6


@pytest.mark.parametrize(
    ("share", "fault"), [("repeat", "repeat"), ("older", "older copy"), ("forge", "forged"), ("delay", "delayed")]
)
async def test_faults_happen_by_the_shops_shares(world: World, log_lines: LogLines, share: str, fault: str) -> None:
    await beats(world, 6, update=1, **{share: 1})
    faults = [line["fault"] for line in log_lines.of("delivery sent") if "fault" in line]

    assert set(faults) == {fault}
    assert len(faults) == 6


async def test_some_minutes_of_the_demo_show_everything_and_no_order_goes_back_in_time(
    world: World, log_lines: LogLines
) -> None:
    world.shops.open(NAME, world.settings())
    traffic = Traffic(world.storefront, world.random)
    for _ in range(150):
        world.clock.pass_by(seconds=5)
        traffic.beat(world.shop)
        await world.sender.settled()
    faults = Counter(line.get("fault") for line in log_lines.of("delivery sent"))
    topics = Counter(one.topic for one in world.receiver.taken)

    assert set(faults) == {None, "repeat", "older copy", "forged", "delayed"}
    assert {"orders/create", "orders/paid", "orders/cancelled", "orders/updated"} <= set(topics)
    for found in world.shop.orders.latest(1_000):
        times = [datetime.fromisoformat(version.order["updated_at"]) for version in found]
        assert times == sorted(set(times))
    assert len(world.shop.orders) == 150
