"""Shops, over a restart."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import ValidationError

from chassis.telemetry.logs import get_logger
from simulator.providers import provider_of
from simulator.shops.provider import Verb
from simulator.shops.shop import Shops
from simulator.shops.shop_settings import Retries, disagreements
from tests.given.log_lines import LogLines
from tests.given.simulated_shop import NAME, PRODUCTS, SECRET, World, settings_of


async def test_a_restart_goes_on_with_the_same_settings_orders_and_numbers(world: World) -> None:
    world.shops.open(NAME, world.settings(currency="KWD", rate_per_minute=12, shares={"forge": 0.5}))
    names = [world.storefront.place(world.shop)["name"] for _ in range(3)]
    await world.sender.settled()

    (again,) = Shops(world.folder, provider_of)
    assert again.settings == world.shop.settings
    assert again.settings.secret.get_secret_value() == SECRET
    assert again.shown() == world.shop.shown()
    assert names == ["#1001", "#1002", "#1003"]
    assert again.orders.next_number == 1004
    assert again.find("#1002") == world.shop.find("#1002")


def test_a_shop_of_another_run_sells_nothing_until_it_is_opened(tmp_path: Path) -> None:
    settings = settings_of("http://127.0.0.1:1/hook", rate_per_minute=12)
    Shops(tmp_path, provider_of, "first").open(NAME, settings)
    assert [shop.rate_per_minute for shop in Shops(tmp_path, provider_of, "first")] == [12]

    shops = Shops(tmp_path, provider_of, "second")
    assert [(shop.rate_per_minute, shop.shown()["is_open"]) for shop in shops] == [(0, False)]
    assert shops.open(NAME, settings).rate_per_minute == 12
    assert [shop.rate_per_minute for shop in Shops(tmp_path, provider_of, "second")] == [12]


async def test_a_restart_knows_what_is_still_to_leave(world: World) -> None:
    first, second, _ = [world.storefront.place(world.shop) for _ in range(3)]
    world.storefront.change(world.shop, first, Verb.CANCEL)
    world.storefront.change(world.shop, second, Verb.FULFIL)
    await world.sender.settled()

    (again,) = Shops(world.folder, provider_of)
    assert again.open_orders == world.shop.open_orders == [1003]


async def test_a_restart_knows_an_open_order_however_many_came_after_it(world: World) -> None:
    world.storefront.place(world.shop)
    second = world.storefront.place(world.shop)
    world.storefront.change(world.shop, second, Verb.FULFIL)
    await world.sender.settled()
    ((*_, packed),) = world.shop.orders.latest(1)
    for number in range(1003, 1303):
        world.shop.keep(replace(packed, order=packed.order | {"order_number": number}))

    (again,) = Shops(world.folder, provider_of)
    assert again.open_orders == world.shop.open_orders == [1001]


def test_what_only_an_older_simulator_knew_of_a_shop_is_let_go(tmp_path: Path) -> None:
    settings = settings_of("http://127.0.0.1:1/hook", shares={"forge": 0.5})
    Shops(tmp_path, provider_of).open(NAME, settings)
    file = tmp_path / NAME / "shop.json"
    kept = json.loads(file.read_text())
    file.write_text(json.dumps(kept | {"mood": "calm", "shares": kept["shares"] | {"fulfill": 0.5}}))

    assert [shop.settings for shop in Shops(tmp_path, provider_of)] == [settings]


async def test_opening_a_shop_again_keeps_its_orders(world: World) -> None:
    world.storefront.place(world.shop)
    again = world.shops.open(NAME, world.settings(rate_per_minute=60))

    assert again is world.shop
    assert len(again.orders) == 1
    assert again.rate_per_minute == 60


async def test_an_order_is_found_by_its_name_its_number_and_its_id(world: World) -> None:
    order = world.storefront.place(world.shop)

    for known in ("#1001", "1001", str(order["id"])):
        found = world.shop.find(known)
        assert found
        assert found[-1].order == order
    for unknown in ("#1002", "", "#", "mug", "١٠٠١", "-1", str(order["id"] + 1), "9" * 5_000, "../shop"):
        assert world.shop.find(unknown) is None


async def test_its_secret_is_in_no_answer_and_no_log_and_only_we_may_read_its_file(
    world: World, log_lines: LogLines
) -> None:
    """Trap 7."""
    get_logger().info("webhook of " + SECRET)

    assert "secret" not in world.shop.shown()
    assert SECRET not in json.dumps(world.shop.shown())
    assert SECRET not in repr(world.shop.settings)
    assert SECRET not in log_lines.text
    assert (world.folder / NAME / "shop.json").stat().st_mode & 0o077 == 0
    assert (world.folder / NAME).stat().st_mode & 0o077 == 0


def test_prices_agree_with_the_currency_and_no_sku_stands_twice() -> None:
    """Trap 18."""
    twice = [*PRODUCTS, {"sku": "OUD", "title": "Oud", "price": "1.005"}]

    assert disagreements(settings_of("http://127.0.0.1:1/hook")) == []
    assert disagreements(settings_of("http://127.0.0.1:1/hook", products=twice)) == [
        ("products[4].price", "is finer than SAR is"),
        ("products[4].sku", "stands in two products"),
    ]
    assert [field for field, _ in disagreements(settings_of("http://127.0.0.1:1/hook", currency="JPY"))] == [
        "products[2].price",
        "products[3].price",
    ]


def test_settings_that_were_spoilt_stop_the_start_and_show_no_secret(tmp_path: Path) -> None:
    Shops(tmp_path, provider_of).open(NAME, settings_of("http://127.0.0.1:1/hook"))
    file = tmp_path / NAME / "shop.json"
    file.write_text(file.read_text().replace(f'"{SECRET}"', f'["{SECRET}"]'))

    with pytest.raises(ValidationError) as refused:
        Shops(tmp_path, provider_of)
    assert SECRET not in str(refused.value)


def test_the_default_schedule_is_eight_retries_within_some_minutes() -> None:
    pauses = Retries().pauses()

    assert len(pauses) == 8
    assert all(after == 2 * before for before, after in pairwise(pauses))
    assert 200 < sum(pauses) < 300
