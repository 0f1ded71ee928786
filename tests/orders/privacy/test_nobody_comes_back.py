"""Of whom a store had erased nobody comes back, whatever was under way or waits."""

from typing import Any
from unittest.mock import patch

import pytest

from orders.orders.apply_snapshot import apply_snapshot
from orders.orders.change import Change
from orders.stores.record_organization import record_organization
from tests.given.parked import arrive, park, states, work
from tests.given.privacy import PEOPLE, answer, ask, outcome, person, redact, request, run, said_of
from tests.given.shop import Shop
from tests.given.shopify_orders import by_guest, later, paid, placed


async def test_nobody_comes_back_with_what_the_store_still_says_of_their_orders(shop: Shop) -> None:
    known, unknown, again = placed("#1"), placed("#2"), placed("#3")
    await shop.deliver(known)

    await redact(shop, known, unknown)
    await shop.deliver(later(paid(known), note="Layla"), unknown)
    await shop.deliver({"order": later(later(known))}, topic="refetch", external_id=str(known["id"]))
    await shop.deliver(again)

    assert [each.snapshot.customer is None for each in await shop.orders()] == [True, True, False]
    assert (await shop.order("#1")).snapshot.note == ""


@pytest.mark.parametrize("how", ["customers/redact", "shop/redact"])
@pytest.mark.parametrize("topic", ["orders/updated", "orders/delete"])
async def test_nobody_comes_back_with_a_delivery_that_looked_before_they_were_erased(
    shop: Shop, how: str, topic: str
) -> None:
    """Trap 7. It locks the order when the job is through, and says more than the order did."""
    order = placed("#1")
    await shop.deliver(order)
    late = shop.delivery(later(order, note="Layla"))
    asked = request(shop, how, customer={"email": order["email"]})
    await shop.receive(asked)
    deleted = shop.delivery({"id": order["id"]}, topic)

    async def after_the_job(*arguments: Any, **more: Any) -> list[Change]:
        await answer(shop)
        return await apply_snapshot(*arguments, **more)

    with patch("orders.webhooks.take_deliveries.apply_snapshot", after_the_job):
        await shop.receive(deleted if topic == "orders/delete" else late)

    assert await outcome(shop, asked.id) == "erased from 1 order"
    assert await said_of(shop, *PEOPLE) == []


async def test_a_shop_that_is_gone_leaves_nobody_and_what_it_sends_later_is_kept_whole(shop: Shop) -> None:
    await shop.deliver(placed("#1"), by_guest(placed("#2")))
    late = shop.delivery(placed("#3"))
    await ask(shop, "customers/data_request", customer={"email": "sami@example.com"})

    await ask(shop, "shop/redact")
    await shop.receive(late)

    assert await said_of(shop, *PEOPLE) == []
    await shop.deliver(placed("#4"))
    assert (await shop.order("#4")).snapshot.customer


async def test_a_dead_letter_of_the_person_goes_too_and_what_waits_behind_it(shop: Shop) -> None:
    """Whoever looks for it finds that it was discarded, by whom and why."""
    order = placed("#1")
    parked = await park(shop, order)
    await arrive(shop, shop.delivery(later(order) | {"currency": "of Layla"}), shop.delivery(later(later(order))))
    assert await states(shop) == ["PARKED", "WAITING", "WAITING"]

    request_id = await ask(shop, "customers/redact", customer={}, orders_to_redact=[order["id"]])
    assert await outcome(shop, request_id) == ""
    await work(shop)
    assert await states(shop) == ["DONE", "PARKED", "WAITING"]
    await answer(shop)
    await work(shop)
    await answer(shop)

    assert await states(shop) == ["DONE"] * 3
    assert await outcome(shop, request_id) == "erased from 1 order"
    assert await said_of(shop, *PEOPLE) == []
    (row,) = await shop.rows("SELECT outcome FROM deliveries WHERE event_id = %s", parked.id)
    why = "what was known of the person was erased, as the store asked"
    assert row.outcome == f"discarded by store:{shop.store.id}: {why}"


async def test_what_a_suspended_organisation_has_waiting_brings_nobody_back(shop: Shop) -> None:
    """Trap 5: the law does not wait for the organisation's bills. Done it is when nothing waits that holds them."""
    order = placed("#1")
    async with shop.database.transaction(shop.organization) as tx:
        await record_organization(tx, "SUSPENDED", 2)
    await arrive(shop, shop.delivery(order))
    asked = request(shop, "customers/redact", customer=person(order), orders_to_redact=[order["id"]])
    await arrive(shop, asked)
    await answer(shop)
    assert await said_of(shop, *PEOPLE) == ["privacy_requests", "inbox"]
    assert await outcome(shop, asked.id) == ""

    async with shop.database.transaction(shop.organization) as tx:
        await record_organization(tx, "ACTIVE", 3)
    await work(shop)
    await answer(shop)

    assert await outcome(shop, asked.id) == "erased from 1 order"
    assert (await shop.order("#1")).snapshot.customer is None
    assert await said_of(shop, *PEOPLE) == []


async def test_a_shop_is_done_when_nothing_waits_that_came_before_it_asked(shop: Shop) -> None:
    async with shop.database.transaction(shop.organization) as tx:
        await record_organization(tx, "SUSPENDED", 2)
    await arrive(shop, shop.delivery(placed("#1")))
    asked = request(shop, "shop/redact")
    await arrive(shop, asked)
    await answer(shop)
    assert await outcome(shop, asked.id) == ""

    async with shop.database.transaction(shop.organization) as tx:
        await record_organization(tx, "CLOSED", 3)
    await work(shop)
    await answer(shop)

    assert await outcome(shop, asked.id) == "erased from 0 orders"


async def test_a_dead_letter_of_somebody_erased_before_is_let_go_by_the_next_run(shop: Shop) -> None:
    order = placed("#1")
    await shop.deliver(order)
    await redact(shop, order)
    await park(shop, later(order))
    kept = await park(shop, placed("#2", email="noura@example.com"))

    await run(shop)

    (row,) = await shop.rows("SELECT event_id FROM inbox WHERE state = 'PARKED'")
    assert row.event_id == kept.id


async def test_requests_that_wait_keep_no_later_one_from_its_turn(shop: Shop) -> None:
    order = placed("#1")
    async with shop.database.transaction(shop.organization) as tx:
        await record_organization(tx, "SUSPENDED", 2)
    await arrive(shop, shop.delivery(order))
    waits = request(shop, "customers/redact", customer=person(order), orders_to_redact=[order["id"]])
    another = request(shop, "customers/redact", customer={"id": 1})
    await shop.receive(waits)
    await shop.receive(another)
    aged = "UPDATE privacy_requests SET record_time = record_time - interval '1 hour' RETURNING 1"
    await shop.rows(aged)

    with patch("orders.privacy.answer_privacy_requests._AT_ONCE", 1):
        await run(shop)

    assert [await outcome(shop, each.id) for each in (waits, another)] == ["", "erased from 0 orders"]


async def test_who_came_to_a_shop_after_it_asked_stays_and_who_was_under_way_goes(shop: Shop) -> None:
    late = shop.delivery(placed("#1"))
    asked = request(shop, "shop/redact")

    async def after_it_asked(*arguments: Any, **more: Any) -> list[Change]:
        await shop.receive(asked)
        return await apply_snapshot(*arguments, **more)

    with patch("orders.webhooks.take_deliveries.apply_snapshot", after_it_asked):
        await shop.receive(late)
    await shop.deliver(placed("#4", email="noura@example.com"))
    await answer(shop)

    assert await outcome(shop, asked.id) == "erased from 1 order"
    assert [each.snapshot.customer is None for each in await shop.orders()] == [True, False]
