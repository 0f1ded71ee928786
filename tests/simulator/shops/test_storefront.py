"""What is done in a shop is kept, and told to its receiver."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from simulator.shops.delivery import signature
from simulator.shops.provider import ChangeRefused, Verb
from tests.given.log_lines import LogLines
from tests.given.simulated_shop import NAME, SECRET, World


async def placed(world: World, *changes: Verb, is_paid: bool = False) -> dict[str, Any]:
    """An order after some changes, and nothing that was received so far."""
    order = world.storefront.place(world.shop, is_paid=is_paid)
    for change in changes:
        world.clock.pass_by(minutes=1)
        order = world.storefront.change(world.shop, order, change)
    await world.sender.settled()
    world.receiver.taken.clear()
    return order


@pytest.mark.parametrize(("is_paid", "topics"), [(False, {"orders/create"}), (True, {"orders/create", "orders/paid"})])
async def test_a_new_order_is_told_as_it_is(world: World, is_paid: bool, topics: set[str]) -> None:
    order = world.storefront.place(world.shop, is_paid=is_paid)
    await world.sender.settled()

    taken = world.receiver.taken
    assert sorted(one.topic for one in taken) == sorted(topics)
    assert all(one.order == order for one in taken)
    assert all(one.headers["x-shopify-hmac-sha256"] == signature(SECRET, one.body) for one in taken)
    assert all(one.headers["x-shopify-triggered-at"] == "2026-11-02T11:02:00.000000000Z" for one in taken)


@pytest.mark.parametrize(
    ("verb", "topics"),
    [
        (Verb.PAY, {"orders/paid"}),
        (Verb.CANCEL, {"orders/cancelled", "refunds/create"}),
        (Verb.FULFIL, {"orders/fulfilled"}),
        (Verb.TOUCH, {"orders/updated"}),
    ],
)
async def test_a_change_is_told_under_its_topic_and_as_an_update(world: World, verb: Verb, topics: set[str]) -> None:
    order = world.storefront.change(world.shop, await placed(world), verb)
    await world.sender.settled()

    taken = world.receiver.taken
    assert {one.topic for one in taken} == {*topics, "orders/updated"}
    assert all(one.order == (order["refunds"][0] if one.topic == "refunds/create" else order) for one in taken)
    assert len({one.headers["x-shopify-event-id"] for one in taken}) == 1
    assert len({one.headers["x-shopify-webhook-id"] for one in taken}) == len(taken)


async def test_a_change_that_is_refused_is_neither_kept_nor_told(world: World) -> None:
    order = await placed(world, Verb.CANCEL)
    with pytest.raises(ChangeRefused):
        world.storefront.change(world.shop, order, Verb.PAY)
    await world.sender.settled()

    found = world.shop.find("#1001")
    assert found
    assert found[-1].order == order
    assert world.receiver.taken == []


async def test_a_repeat_is_the_same_delivery_to_the_byte_also_after_other_orders(world: World) -> None:
    """Trap 11."""
    order = world.storefront.place(world.shop, is_paid=False)
    await world.sender.settled()
    (original,) = world.receiver.taken
    await placed(world)
    found = world.shop.find(order["name"])
    assert found
    world.storefront.send_again(world.shop, found, times=3)
    await world.sender.settled()

    assert [(one.body, dict(one.headers)) for one in world.receiver.taken] == [
        (original.body, dict(original.headers))
    ] * 3


async def test_an_older_copy_has_the_older_body_and_ids_of_its_own(world: World) -> None:
    """Trap 11."""
    older = world.storefront.place(world.shop, is_paid=False)
    await world.sender.settled()
    world.storefront.change(world.shop, older, Verb.PAY)
    await world.sender.settled()
    known = {one.headers["x-shopify-webhook-id"] for one in world.receiver.taken}
    world.receiver.taken.clear()
    found = world.shop.find("#1001")
    assert found
    world.storefront.send_older(world.shop, found)
    await world.sender.settled()

    (taken,) = world.receiver.taken
    assert taken.order == older
    assert taken.topic == "orders/updated"
    assert taken.headers["x-shopify-webhook-id"] not in known


async def test_an_order_that_never_changed_has_no_older_copy(world: World) -> None:
    await placed(world)
    found = world.shop.find("#1001")
    assert found
    assert world.storefront.send_older(world.shop, found) == []


async def test_a_forgery_claims_a_newer_order_that_nobody_placed_and_leaves_the_shops_own_alone(world: World) -> None:
    """Trap 10."""
    order = await placed(world)
    found = world.shop.find("#1001")
    assert found
    world.storefront.forge(world.shop, found)
    await world.sender.settled()

    (taken,) = world.receiver.taken
    assert taken.headers["x-shopify-hmac-sha256"] != signature(SECRET, taken.body)
    assert taken.order["id"] == order["id"]
    assert taken.order["updated_at"] > order["updated_at"]
    assert {line["current_quantity"] for line in taken.order["line_items"]} == {1000}
    assert world.shop.find("#1001") == found


async def test_a_delayed_delivery_is_sent_when_its_time_has_come(world: World, log_lines: LogLines) -> None:
    world.storefront.place(world.shop, is_paid=False, delay_seconds=7.5)
    assert len(world.shop.pending) == 1
    await world.sender.settled()

    assert world.pauses == [7.5]
    assert [(one["order"], one["fault"]) for one in log_lines.of("delivery sent")] == [("#1001", "delayed")]


@pytest.mark.parametrize("verb", ["send_again", "send_older", "forge"])
async def test_each_fault_stands_in_the_log(world: World, log_lines: LogLines, verb: str) -> None:
    words = {"send_again": "repeat", "send_older": "older copy", "forge": "forged"}
    await placed(world, Verb.TOUCH)
    found = world.shop.find("#1001")
    send: Callable[..., object] = getattr(world.storefront, verb)
    send(world.shop, found)
    await world.sender.settled()

    line = log_lines.of("delivery sent")[-1]
    assert (line["shop"], line["order"], line["fault"]) == (NAME, "#1001", words[verb])


async def test_the_log_names_no_buyer(world: World, log_lines: LogLines) -> None:
    """Trap 7."""
    order = await placed(world, Verb.PAY)

    for private in (order["email"], order["shipping_address"]["last_name"], order["shipping_address"]["address1"]):
        assert private not in log_lines.text
        assert private in json.dumps(order, ensure_ascii=False)
