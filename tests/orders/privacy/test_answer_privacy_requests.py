"""What stores ask for people: what is held, or that nothing is any more."""

from typing import Any
from unittest.mock import patch

import pytest

from chassis.messaging.handlers import Unreadable
from orders.holds.place_hold import NewHold, place_hold
from orders.notes.add_note import NewNote, add_note
from orders.orders.apply_snapshot import apply_snapshot
from orders.orders.change import Change
from orders.orders.change_shipping_address import NewAddress, change_shipping_address
from orders.orders.create_order import create_order
from orders.orders.hold import HoldReason
from orders.orders.messages import new_order
from orders.orders.snapshot import Address
from orders.stores.disconnect_store import disconnect_store
from orders.stores.get_store import get_store
from orders.stores.record_organization import record_organization
from rappit.orders.v1.order_entry_pb2 import CreateOrderRequest, NewOrderLine
from rappit.types.v1.money_pb2 import Money
from tests.given.parked import arrive, park, states, work
from tests.given.privacy import answer, ask, outcome, person, request, run
from tests.given.shop import CLOCK, USER, Shop, open_shop
from tests.given.shopify_orders import Json, body, by_guest, item, later, paid, placed

_LINE = NewOrderLine(sku="CAP", quantity=1, unit_price=Money(minor_units=100, currency="SAR"))
PEOPLE = ("Layla", "Haddad", "sami", "King Fahd")
_ORDERS = ["orders", "order_lines", "order_terms", "order_timeline", "order_notes", "order_holds", "customers"]
TABLES = [*_ORDERS, "deliveries", "privacy_requests", "erased_orders", "inbox", "outbox"]
# Words stand in their bytes, which a row as text shows as digits.
_BYTES = {"inbox": "message", "outbox": "payload"}


async def said_of(shop: Shop, *words: str) -> list[str]:
    """In which tables one of the words stands; answers to repeated requests are kept apart, for a day."""
    pattern = f"%({'|'.join(words)})%"
    statement = "SELECT FROM {} AS t WHERE lower({}) SIMILAR TO lower(%s)"
    texts = {table: f"t::text || coalesce(encode({_BYTES[table]}, 'escape'), '')" for table in _BYTES}
    return [table for table in TABLES if await shop.rows(statement.format(table, texts.get(table, "t::text")), pattern)]


async def redact(shop: Shop, *orders: Json) -> str:
    """The store has the person erased who placed the first order, and these orders of theirs; what came of it."""
    names = [order["id"] for order in orders]
    return await outcome(shop, await ask(shop, "customers/redact", customer=person(orders[0]), orders_to_redact=names))


async def test_a_person_is_erased_from_everywhere_and_their_orders_stay(shop: Shop) -> None:
    """Trap 7: nothing of people stays."""
    one = placed("#1", note="For Layla")
    two = placed("#2", item("CAP")) | {"customer": one["customer"]}
    guest = by_guest(placed("#3"))
    await shop.deliver(one, two, guest)
    order = await shop.order("#1")
    async with shop.database.transaction(shop.organization) as tx:
        await add_note(tx, CLOCK, NewNote(order.id, "Layla called"), USER, "test")
        await place_hold(tx, CLOCK, NewHold(order.id, HoldReason.ADDRESS, "", "ask Layla", ""), USER, "test")
        elsewhere = NewAddress(order.id, Address(name="Layla", line1="King Fahd Road 13"), "Layla has moved", "")
        await change_shipping_address(tx, CLOCK, elsewhere, USER, "test")
    await shop.cancel(await shop.order("#2"), note="Layla has moved")
    before = [(each.snapshot.name, each.version) for each in await shop.orders()]

    said = await redact(shop, one, guest)

    assert said == "erased from 3 orders"
    assert await said_of(shop, *PEOPLE, str(one["customer"]["id"])) == []
    assert [(each.snapshot.name, each.version) for each in await shop.orders()] == before
    assert (await shop.timeline(await shop.order("#1")))[-1] == "ERASED"


async def test_others_are_not_touched_nor_is_another_organisation(shop: Shop) -> None:
    one, another = placed("#1"), placed("#2", email="noura@example.com")
    another["customer"]["email"] = another["email"]
    await shop.deliver(one, another)
    neighbour, sister = await open_shop(shop.database), await open_shop(shop.database, organization=shop.organization)
    await neighbour.deliver(one)
    await sister.deliver(one | {"name": "#3"})

    await redact(shop, one)

    assert (await shop.order("#2")).snapshot.customer
    assert (await shop.order("#3")).snapshot.customer
    assert (await neighbour.order("#1")).snapshot.customer


async def test_an_e_mail_address_alone_finds_the_person(shop: Shop) -> None:
    await shop.deliver(by_guest(placed("#1"), email="Sami@Example.com"))

    await ask(shop, "customers/redact", customer={"email": "sami@example.com"})

    assert await said_of(shop, "sami") == []


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


async def test_what_is_held_is_found_however_much_it_is(shop: Shop) -> None:
    orders = [placed(f"#{number}") for number in range(3)]
    many = [order | {"customer": orders[0]["customer"]} for order in orders]
    await shop.deliver_together(*many, placed("#others", email="noura@example.com"))

    held = await ask(shop, "customers/data_request", customer={"id": many[0]["customer"]["id"]}, orders_requested=[])
    nothing = await ask(shop, "customers/data_request", customer={"id": 1}, orders_requested=[])

    assert await outcome(shop, held) == "held in 3 orders: name, addresses, e-mail, telephone, notes"
    assert await outcome(shop, nothing) == "nothing is held"
    assert all(order.snapshot.customer for order in await shop.orders())


async def test_of_an_erased_person_nothing_is_held_and_the_question_names_them_no_more(shop: Shop) -> None:
    order = placed("#1")
    await shop.deliver(order)
    asked = {"customer": person(order), "orders_requested": [order["id"]]}
    before = await ask(shop, "customers/data_request", **asked)
    assert await said_of(shop, "layla@") == ["orders", "order_terms", "privacy_requests"]

    await redact(shop, order)
    after = await ask(shop, "customers/data_request", **asked)

    assert await outcome(shop, after) == "nothing is held"
    (row,) = await shop.rows("SELECT customer_external_id || email AS who FROM privacy_requests WHERE id = %s", before)
    assert row.who == ""


async def test_another_signed_body_under_the_topic_erases_nobody(shop: Shop) -> None:
    """The topic is not signed: a body of the store that says something else must not be taken for this."""
    order = placed("#1")
    await shop.deliver(order)

    for topic in ("shop/redact", "customers/redact", "customers/data_request"):
        for raw in (body(order), b'{"shop_domain": "another.myshopify.com"}'):
            with pytest.raises(Unreadable, match="shop_domain: is not this store's"):
                await shop.deliver(raw, topic=topic, external_id="")

    await answer(shop)
    assert (await shop.order("#1")).snapshot.customer


async def test_when_its_people_are_erased_a_disconnected_store_has_nothing_more_to_ask(shop: Shop) -> None:
    async with shop.database.transaction(shop.organization) as tx:
        await disconnect_store(tx, CLOCK, shop.store.id, "test")

    await ask(shop, "customers/redact", customer={"id": 1})
    async with shop.database.transaction(shop.organization) as tx:
        asks = await get_store(tx, shop.store.id)
    await ask(shop, "shop/redact")
    async with shop.database.transaction(shop.organization) as tx:
        asks_no_more = await get_store(tx, shop.store.id)

    assert asks.old_webhook_secret_end_time
    assert asks_no_more.old_webhook_secret_end_time is None
    (row,) = await shop.rows("SELECT webhook_secret, old_webhook_secret FROM stores WHERE id = %s", shop.store.id)
    assert tuple(row) == (b"", None)


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


async def test_an_order_that_was_entered_here_is_found_by_the_e_mail_address_alone(shop: Shop) -> None:
    entered = CreateOrderRequest(external_id="T-1", lines=[_LINE])
    entered.customer.name, entered.customer.email = "Layla", "Layla@example.com"
    async with shop.database.transaction(shop.organization) as tx:
        await create_order(tx, CLOCK, new_order(entered), USER, "test")
    asked: Json = {"customer": {"email": "layla@example.com"}}

    held = await ask(shop, "customers/data_request", **asked, orders_requested=[])
    elsewhere = await ask(shop, "customers/data_request", customer={}, orders_requested=["T-1"])
    erased = await ask(shop, "customers/redact", **asked)

    assert await outcome(shop, held) == "held in 1 order: name, addresses, e-mail, telephone, notes"
    assert await outcome(shop, elsewhere) == "nothing is held"
    assert await outcome(shop, erased) == "erased from 1 order"
    assert await said_of(shop, *PEOPLE) == []
    assert await shop.rows("SELECT FROM erased_orders") == []
