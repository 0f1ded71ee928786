"""Deliveries are sent until they are taken or given up."""

import asyncio
import hashlib
from dataclasses import replace

import pytest

from simulator.faults import Fault
from simulator.providers import provider_of
from simulator.shops.delivery import Delivery, signature
from simulator.shops.sender import MOST_AT_ONCE, Sender, make_client
from simulator.shops.shop import Shops
from tests.given.log_lines import LogLines
from tests.given.simulated_shop import NAME, SECRET, World
from tests.given.waiting import until

CREATED = Delivery(
    shop=NAME,
    order="#1001",
    topic="orders/create",
    webhook_id="8a95126f-859a-4db9-b8f1-350e299e9ea0",
    event_id="0ba2a2c5-5b2f-4a1c-a07b-6d1f7d4b9c52",
    triggered_at="2026-11-02T11:02:00.290670000Z",
    body='{"name":"#1001","city":"الرياض"}'.encode(),
)
FORGED = replace(CREATED, fault=Fault.FORGED)


async def test_a_delivery_that_is_taken_is_sent_once(world: World, log_lines: LogLines) -> None:
    first = world.sender.submit(world.shop, CREATED)
    await world.sender.settled()

    (taken,) = world.receiver.taken
    assert first.result() == 200
    assert taken.body == CREATED.body
    assert taken.headers["x-shopify-hmac-sha256"] == signature(SECRET, CREATED.body)
    assert world.pauses == []
    (line,) = log_lines.of("delivery sent")
    assert {name: line.get(name) for name in ("shop", "order", "topic", "sha256", "status", "fault")} == {
        "shop": NAME,
        "order": "#1001",
        "topic": "orders/create",
        "sha256": hashlib.sha256(taken.body).hexdigest(),
        "status": 200,
        "fault": None,
    }
    assert "fault" not in line


@pytest.mark.parametrize("answers", [[503] * 3, [302, 404, 500], [401] * 8])
async def test_it_is_sent_again_with_the_same_bytes_and_ids_until_it_is_taken(
    world: World, answers: list[int | str]
) -> None:
    world.receiver.answers = list(answers)
    first = world.sender.submit(world.shop, CREATED)
    await world.sender.settled()

    assert first.result() == answers[0]
    assert len(world.receiver.taken) == len(answers) + 1
    assert (
        len({(taken.body, taken.ids, taken.headers["x-shopify-triggered-at"]) for taken in world.receiver.taken}) == 1
    )
    assert world.pauses == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0][: len(answers)]
    assert len(world.shop.pending) == 0


async def test_it_is_given_up_after_eight_retries(world: World, log_lines: LogLines) -> None:
    world.receiver.answers = [500] * 20
    world.sender.submit(world.shop, CREATED)
    await world.sender.settled()

    assert len(world.receiver.taken) == 9
    assert len(world.shop.pending) == 0
    assert [line["order"] for line in log_lines.of("delivery given up")] == ["#1001"]


async def test_the_schedule_is_the_shops(world: World) -> None:
    world.shops.open(NAME, world.settings(retries={"count": 3, "first_seconds": 0.25}))
    world.receiver.answers = [500] * 20
    world.sender.submit(world.shop, CREATED)
    await world.sender.settled()

    assert world.pauses == [0.25, 0.5, 1.0]


async def test_who_does_not_answer_in_time_or_is_not_there_is_tried_again(world: World, log_lines: LogLines) -> None:
    hasty = Sender(make_client(), pause=asyncio.sleep, seconds=0.05)
    world.shops.open(NAME, world.settings(retries={"count": 1, "first_seconds": 0}))
    world.receiver.answers = ["hang"]
    hasty.submit(world.shop, CREATED)
    await hasty.settled()
    world.shops.open(NAME, world.settings(webhook_url="http://127.0.0.1:9/hook", retries={"count": 0}))
    hasty.submit(world.shop, CREATED)
    await hasty.settled()
    await hasty.stop()

    assert [line["status"] for line in log_lines.of("delivery sent")] == ["timeout", 200, "no connection"]


async def test_a_forged_delivery_is_tried_once_and_kept_nowhere(world: World) -> None:
    """Trap 10."""
    world.receiver.answers = [401, 401]
    first = world.sender.submit(world.shop, FORGED)
    assert len(world.shop.pending) == 0
    await world.sender.settled()

    assert first.result() == 401
    (taken,) = world.receiver.taken
    assert taken.headers["x-shopify-hmac-sha256"] != signature(SECRET, FORGED.body)


async def test_a_shop_that_got_another_address_and_secret_is_sent_there(world: World) -> None:
    settings = world.settings(secret="shpss_the_next_one")

    async def move(_seconds: float) -> None:
        world.shops.open(NAME, settings)

    world.shops.open(NAME, world.settings(webhook_url="http://127.0.0.1:9/hook"))
    sender = Sender(make_client(), pause=move)
    sender.submit(world.shop, CREATED)
    await sender.settled()
    await sender.stop()

    (taken,) = world.receiver.taken
    assert taken.headers["x-shopify-hmac-sha256"] == signature("shpss_the_next_one", CREATED.body)


async def test_what_was_not_taken_is_sent_after_a_restart(world: World) -> None:
    """Trap 37: a receiver that is away for long loses nothing."""
    waiting = asyncio.Event()

    async def for_ever(_seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    world.receiver.answers = [503]
    stopped = Sender(make_client(), pause=for_ever)
    stopped.submit(world.shop, CREATED)
    await asyncio.wait_for(waiting.wait(), 10)
    await stopped.stop()

    (again,) = Shops(world.folder, provider_of)
    assert len(again.pending) == 1
    world.sender.resume([again])
    await world.sender.settled()
    first, second = world.receiver.taken
    assert (first.body, first.ids) == (second.body, second.ids)
    assert len(again.pending) == 0


async def test_deliveries_do_not_wait_for_each_other(world: World) -> None:
    world.receiver.answers = ["hang"]
    slow = world.sender.submit(world.shop, CREATED)
    await until(lambda: len(world.receiver.taken) == 1)
    other = Delivery(NAME, "#1002", "orders/create", "w", "e", "t", b'{"name":"#1002"}')
    assert await world.sender.submit(world.shop, other) == 200
    assert not slow.done()
    world.receiver.released.set()
    assert await slow == 200


async def test_a_failure_of_our_own_ends_the_process(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_delivery: Delivery) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(world.shop.pending, "remove", full)
    running = asyncio.create_task(world.sender.run())
    world.sender.submit(world.shop, CREATED)
    with pytest.raises(OSError, match="no space"):
        await asyncio.wait_for(running, 10)


async def test_it_is_behind_while_more_wait_than_are_sent_at_once(world: World) -> None:
    world.receiver.answers = ["hang"] * MOST_AT_ONCE
    begun = [world.sender.submit(world.shop, replace(FORGED, webhook_id=str(n))) for n in range(2 * MOST_AT_ONCE + 1)]
    await until(lambda: len(world.receiver.taken) == MOST_AT_ONCE)
    assert world.sender.is_behind()

    world.receiver.released.set()
    await world.sender.settled()
    assert [first.result() for first in begun] == [200] * len(begun)
    assert not world.sender.is_behind()
