"""What stores ask for people: what is held, or that nothing is any more."""

import json
from typing import Any
from uuid import uuid4

import pytest

from chassis.database.leases import Lease, take
from chassis.database.pool import Database
from chassis.messaging.kafka import Kafka
from chassis.messaging.lanes import Lanes
from orders.app import make_consumers
from orders.webhooks.accept_delivery import accept_delivery
from orders.webhooks.answer_privacy_requests import AnswerPrivacyRequests
from rappit.gateway.v1.events_pb2 import DELIVERY_KIND_STORE
from tests.given.shop import CLOCK, Shop, open_shop
from tests.given.shopify_orders import Json, by_guest, item, placed


@pytest.fixture
async def lease(orders_database: Database) -> Lease:
    """The job's lease."""
    async with orders_database.directory() as tx:
        held = await take(tx, f"privacy {uuid4()}", "test")
    assert held
    return held


async def ask(shop: Shop, lease: Lease, topic: str, **body: Any) -> str:
    """The store asks, and the job answers. Returns what came of it."""
    await shop.deliver(json.dumps(body).encode(), topic=topic, kind=DELIVERY_KIND_STORE, external_id="")
    job = AnswerPrivacyRequests(shop.database, CLOCK)
    (row,) = await shop.rows("SELECT id FROM privacy_requests WHERE done_time IS NULL")
    while not await job.answer(lease, shop.organization, row.id, most=1):
        pass
    (row,) = await shop.rows("SELECT outcome FROM privacy_requests WHERE id = %s AND done_time IS NOT NULL", row.id)
    return str(row.outcome)


async def said_of(shop: Shop, *words: str) -> list[str]:
    """In which tables one of the words stands."""
    tables = ("orders", "order_lines", "order_terms", "order_timeline", "customers", "deliveries", "privacy_requests")
    pattern = f"%({'|'.join(words)})%"
    return [
        table
        for table in tables
        if await shop.rows(f"SELECT FROM {table} AS t WHERE lower(t::text) SIMILAR TO lower(%s)", pattern)
    ]


def person(order: Json) -> Json:
    return {"id": order["customer"]["id"], "email": order["email"]}


async def test_a_person_is_erased_from_everywhere_and_their_orders_stay(shop: Shop, lease: Lease) -> None:
    one = placed("#1", note="For Layla")
    two = placed("#2", item("CAP")) | {"customer": one["customer"]}
    guest = by_guest(placed("#3"))
    await shop.deliver(one, two, guest)
    version = (await shop.order("#1")).version

    outcome = await ask(shop, lease, "customers/redact", customer=person(one), orders_to_redact=[guest["id"]])

    assert outcome == "erased"
    assert await said_of(shop, "Layla", "Haddad", "sami", "King Fahd", str(one["customer"]["id"])) == []
    assert [order.snapshot.name for order in await shop.orders()] == ["#1", "#2", "#3"]
    assert (await shop.order("#1")).version == version
    assert (await shop.timeline(await shop.order("#1")))[-1] == "ERASED"


async def test_others_are_not_touched_nor_is_another_organisation(
    shop: Shop, lease: Lease, orders_database: Database
) -> None:
    one, another = placed("#1"), placed("#2", email="noura@example.com")
    another["customer"]["email"] = another["email"]
    await shop.deliver(one, another)
    neighbour = await open_shop(orders_database)
    await neighbour.deliver(one)

    await ask(shop, lease, "customers/redact", customer=person(one))

    assert (await shop.order("#2")).snapshot.customer
    assert (await neighbour.order("#1")).snapshot.customer


async def test_an_e_mail_address_alone_finds_the_person(shop: Shop, lease: Lease) -> None:
    await shop.deliver(by_guest(placed("#1"), email="Sami@Example.com"))

    await ask(shop, lease, "customers/redact", customer={"email": "sami@example.com"})

    assert await said_of(shop, "sami") == []


async def test_a_shop_that_is_gone_leaves_nobody(shop: Shop, lease: Lease) -> None:
    await shop.deliver(placed("#1"), by_guest(placed("#2")))

    await ask(shop, lease, "shop/redact")

    assert await said_of(shop, "Layla", "Sami", "King Fahd") == []


async def test_a_dead_letter_of_the_person_goes_too(shop: Shop, lease: Lease) -> None:
    order = placed("#1") | {"currency": "of Layla"}
    delivery = shop.delivery(order)
    async with shop.database.transaction(shop.organization) as tx:
        await accept_delivery(tx, delivery.event)
    consumer = make_consumers(shop.database, Kafka("127.0.0.1:1", development=True), CLOCK)[0]
    await Lanes(shop.database, consumer.intake).work_for(shop.organization)
    assert [row.state for row in await shop.rows("SELECT state FROM inbox")] == ["PARKED"]

    await ask(shop, lease, "customers/redact", customer={}, orders_to_redact=[order["id"]])

    (row,) = await shop.rows("SELECT state, message, discarded_by FROM inbox")
    assert (row.state, row.message, row.discarded_by) == ("DONE", None, f"store:{shop.store.id}")


async def test_what_is_held_is_answered(shop: Shop, lease: Lease) -> None:
    one = placed("#1")
    await shop.deliver(one)

    held = await ask(shop, lease, "customers/data_request", customer=person(one), orders_requested=[one["id"]])
    nothing = await ask(shop, lease, "customers/data_request", customer={"id": 1}, orders_requested=[])

    assert held.startswith("held: name, addresses, e-mail, telephone, note of #1 (")
    assert nothing == "nothing is held"
    assert (await shop.order("#1")).snapshot.customer
