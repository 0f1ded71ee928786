"""What stores ask for people: what is held, or that nothing is any more."""

import pytest

from chassis.messaging.handlers import Unreadable
from orders.holds.place_hold import NewHold, place_hold
from orders.notes.add_note import NewNote, add_note
from orders.orders.change_shipping_address import NewAddress, change_shipping_address
from orders.orders.create_order import create_order
from orders.orders.hold import HoldReason
from orders.orders.messages import new_order
from orders.orders.snapshot import Address
from orders.stores.disconnect_store import disconnect_store
from orders.stores.get_store import get_store
from rappit.orders.v1.order_entry_pb2 import CreateOrderRequest, NewOrderLine
from rappit.types.v1.money_pb2 import Money
from tests.given.privacy import PEOPLE, answer, ask, outcome, person, redact, said_of
from tests.given.shop import CLOCK, USER, Shop, open_shop
from tests.given.shopify_orders import Json, body, by_guest, item, placed

_LINE = NewOrderLine(sku="CAP", quantity=1, unit_price=Money(minor_units=100, currency="SAR"))


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
