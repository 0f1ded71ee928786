"""What deliveries do beside bringing snapshots: hints, deletions, disagreements, and what is about the store itself."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.database.pool import Database
from orders.orders.order import FulfillmentStatus, Order
from orders.orders.snapshot import PaymentStatus
from orders.stores.get_store import get_store
from orders.stores.resolve_store import resolve_store
from orders.stores.set_store_credentials import NewCredentials, set_store_credentials
from orders.stores.store import Provider, StoreState
from rappit.gateway.v1.events_pb2 import DELIVERY_KIND_STORE
from tests.given import woocommerce_orders as woo
from tests.given.privacy import request
from tests.given.samples_of_stores import sample
from tests.given.shop import CLOCK, SEALER, SECRET, Shop, open_shop
from tests.given.shopify_orders import Json, cancelled, edited, fulfilled, item, later, paid, placed

DELETE = {"topic": "orders/delete"}


def deleted(order: Json) -> Json:
    return {"id": order["id"]}


async def let_ask(shop: Shop) -> None:
    """The store has credentials."""
    values = {"access_token": "shpat_3d5c1f0a9b8e7d6c"}
    async with shop.database.transaction(shop.organization) as tx:
        new = NewCredentials(shop.store.id, shop.store.provider, "", values)
        await set_store_credentials(tx, CLOCK, SEALER, new, "test", development=True)


async def to_ask(shop: Shop) -> list[tuple[str, bool]]:
    """Orders that the store is to be asked for, and whether now."""
    rows = await shop.rows("SELECT external_id, next_try_time <= now() AS due FROM refetches ORDER BY external_id")
    return [(row.external_id, bool(row.due)) for row in rows]


async def outcomes(shop: Shop) -> list[str]:
    return [row.outcome for row in await shop.rows("SELECT outcome FROM deliveries ORDER BY receive_time, event_id")]


async def test_a_hint_asks_the_store_once_however_often_it_comes(shop: Shop) -> None:
    """Trap 48: orders/edited without the order."""
    await let_ask(shop)
    order = placed()
    edit = {"order_edit": {"order_id": order["id"]}}

    for topic, body in (("orders/edited", edit), ("refunds/create", {"order_id": order["id"]})):
        await shop.deliver(body, topic=topic, external_id=str(order["id"]))

    assert await to_ask(shop) == [(str(order["id"]), True)]
    assert await outcomes(shop) == ["it was edited; the store is asked", "something was refunded; the store is asked"]


async def test_without_credentials_a_hint_waits_for_them_and_says_so(shop: Shop) -> None:
    await shop.deliver({}, topic="orders/edited", external_id="1")

    assert await to_ask(shop) == [("1", False)]
    assert await outcomes(shop) == ["it was edited; the store cannot be asked: no credentials"]
    await let_ask(shop)
    assert await to_ask(shop) == [("1", True)]


async def test_deliveries_of_one_time_that_disagree_ask_the_store(shop: Shop) -> None:
    """Trap 48: in one batch or one after the other; those that agree ask nothing."""
    await let_ask(shop)
    one, other, third = placed("#1"), placed("#2"), placed("#3")

    await shop.deliver_together(one, one | {"note": "Ring twice"}, third)
    await shop.deliver(other)
    await shop.deliver(other | {"note": "Ring twice"}, third | {"field_of_no_meaning": 1}, paid(third))

    assert await to_ask(shop) == [(str(order["id"]), True) for order in (one, other)]


async def test_what_a_store_answers_ends_a_disagreement(shop: Shop) -> None:
    """Trap 48: it counts after all deliveries of its time, and before those of the next. It asks nothing by itself."""
    await let_ask(shop)
    order = placed()
    notes = [order | {"note": f"note {number}"} for number in range(4)]

    async def wishes() -> int:
        (row,) = await shop.rows("SELECT wishes FROM refetches")
        return int(row.wishes)

    await shop.deliver(notes[0], notes[1])
    assert await wishes() == 1
    await shop.deliver({"order": notes[2]}, topic="refetch", external_id=str(order["id"]))
    assert await wishes() == 1
    await shop.deliver(notes[3])
    assert await wishes() == 2
    assert (await shop.order()).snapshot.note == "note 2"
    await shop.deliver(paid(order))

    assert (await shop.order()).snapshot.payment_status == PaymentStatus.PAID


async def test_a_refund_in_part_is_applied_as_it_is_only_while_the_store_cannot_be_asked(
    orders_database: Database,
) -> None:
    order = woo.refunded(woo.paid(woo.placed()), "59.00")
    mute = await open_shop(orders_database, provider=Provider.WOOCOMMERCE)
    await mute.deliver(order, topic="order.updated")

    asked = await open_shop(orders_database, provider=Provider.WOOCOMMERCE)
    await let_ask(asked)
    await asked.deliver(order, topic="order.updated")
    answer = {"order": order, "refunds": [woo.refund_of_units(order, "TEE-RED", 1)]}
    assert await asked.orders() == []
    await asked.deliver(answer, topic="refetch", external_id=str(order["id"]))

    assert [(await shop.order("#727")).lines[0].said.wanted for shop in (mute, asked)] == [2, 1]


@pytest.mark.parametrize("provider", Provider)
async def test_where_stock_waits_for_payment_cash_on_delivery_does_not(
    orders_database: Database, provider: Provider
) -> None:
    """Trap 41, and cash on delivery counts as payable."""
    shop = await open_shop(orders_database, "TEE-RED", provider=provider)
    await shop.rows("UPDATE stores SET reserve_when = 'ON_PAYMENT' RETURNING 1")
    unpaid = placed("#1", item("TEE-RED"), financial_status="pending")
    if provider is Provider.SHOPIFY:
        cash = unpaid | {"payment_gateway_names": ["Cash on Delivery (COD)"]}
        bank = unpaid | {"id": 7, "payment_gateway_names": ["Bank Deposit"]}
    else:
        cash = woo.placed(woo.item("TEE-RED"), number="1", payment_method="cod")
        bank = woo.placed(woo.item("TEE-RED"), number="2", payment_method="bacs")

    await shop.deliver(cash, bank, topic="orders/create" if provider is Provider.SHOPIFY else "order.created")

    assert [order.status for order in await shop.orders()] == [
        FulfillmentStatus.NEW,
        FulfillmentStatus.AWAITING_PAYMENT,
    ]


async def test_a_draft_checkout_holds_nothing(orders_database: Database) -> None:
    """Trap 41."""
    shop = await open_shop(orders_database, "TEE-RED", provider=Provider.WOOCOMMERCE)

    await shop.deliver(woo.placed(status="checkout-draft"), topic="order.created")

    assert await shop.orders() == []


async def test_an_order_that_the_store_completes_is_consumed_once(orders_database: Database) -> None:
    """Trap 40, without a shipment of ours."""
    shop = await open_shop(orders_database, "TEE-RED", provider=Provider.WOOCOMMERCE)
    order = woo.placed()

    left = woo.completed(order)

    await shop.deliver(order, left, left, woo.later(left, customer_note="Thanks"), topic="order.updated")
    told = [event.order_changed.lines[0] for event in await shop.told(await shop.order("#727"))]
    assert [(line.wanted, [each.quantity for each in line.fulfilled_at]) for line in told] == [(2, []), (2, [2])]


async def test_a_deleted_order_wants_nothing_more_and_a_restored_one_does(shop: Shop) -> None:
    order = placed()
    await shop.deliver(order)

    await shop.deliver(deleted(order), **DELETE)
    assert (await shop.order()).cancelled
    await shop.deliver(later(order, updated_at="2999-01-01T00:00:00Z"))

    assert not (await shop.order()).cancelled


async def test_an_order_that_is_deleted_twice_in_one_batch_is_deleted(shop: Shop) -> None:
    order = placed()
    await shop.deliver(order)

    await shop.deliver_together(deleted(order), deleted(order), **DELETE)

    assert (await shop.order()).cancelled


def stories() -> list[list[tuple[str, Json]]]:
    """An order's stages by topic, of each provider: some deleted in the end, some with one time for all of them, paid
    before they were created, edited before they were known.
    """
    order = placed("#727", item("TEE-RED", 3))
    left = fulfilled(paid(order), "TEE-RED", 1)
    shopify = [order, paid(order), edited(left, "TEE-RED", 2), cancelled(left)]
    same_time = {"updated_at": order["updated_at"]}
    at_once = [paid(order), order, fulfilled(edited(order, "TEE-RED", 1), "TEE-RED", 1), cancelled(order)]
    difference = {"id": order["id"], "order_edit": {"order_id": order["id"]}}
    small = woo.placed(woo.item("TEE-RED", 3))
    same = {"date_modified_gmt": small["date_modified_gmt"]}
    of_woo = [small, woo.paid(small) | same, woo.with_status(small, "cancelled") | same, woo.completed(woo.paid(small))]
    return [
        [*(("orders/updated", stage) for stage in shopify), ("orders/delete", deleted(order))],
        [("orders/edited", difference), *(("orders/updated", stage | same_time) for stage in at_once)],
        [*(("order.updated", stage) for stage in of_woo), ("order.deleted", deleted(small))],
        [("order.updated", stage) for stage in of_woo],
    ]


STORIES = stories()
PROVIDERS = [Provider.SHOPIFY, Provider.SHOPIFY, Provider.WOOCOMMERCE, Provider.WOOCOMMERCE]


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[int, list[int]]:
    story = draw(st.integers(0, len(STORIES) - 1))
    stages = range(len(STORIES[story]))
    return story, list(draw(st.permutations([*stages, *draw(st.lists(st.sampled_from(stages), max_size=3))])))


@settings(max_examples=12, deadline=None)
@given(arrivals())
async def test_any_order_of_arrival_ends_the_same_for_each_provider(
    orders_database: Database, arrives: tuple[int, list[int]]
) -> None:
    """Traps 12 and 48."""
    number, stages = arrives
    story = STORIES[number]
    first = await open_shop(orders_database, "TEE-RED", provider=PROVIDERS[number])
    second = await open_shop(orders_database, "TEE-RED", provider=PROVIDERS[number])

    for topic, stage in story:
        await first.deliver(stage, topic=topic)
    for stage_number in stages:
        topic, stage = story[stage_number]
        await second.deliver(stage, topic=topic)

    assert await _end(second) == await _end(first)


async def _end(shop: Shop) -> dict[str, Any]:
    order: Order = (await shop.orders())[0]
    told = (await shop.told(order))[-1].order_changed
    snapshot = order.snapshot
    return {
        "lines": [(line.said.wanted, line.said.fulfilled) for line in order.lines],
        "payment": snapshot.payment_status,
        "cancelled": order.cancelled,
        "former": snapshot.rank.digest,
        "told": (told.cancelled, [(line.wanted, sum(at.quantity for at in line.fulfilled_at)) for line in told.lines]),
    }


async def test_an_uninstalled_app_needs_new_credentials_and_says_so(shop: Shop) -> None:
    await let_ask(shop)

    await shop.deliver({}, topic="app/uninstalled", kind=DELIVERY_KIND_STORE, external_id="")

    async with shop.database.transaction(shop.organization) as tx:
        store, resolved = await get_store(tx, shop.store.id), await resolve_store(tx, SEALER, shop.store.id)
    assert (store.state, store.has_credentials) == (StoreState.NEEDS_REAUTH, False)
    assert "install it there again, then set new API credentials" in store.state_reason
    # What it asks for people comes two days later.
    assert resolved.webhook_secrets == (SECRET,)


@pytest.mark.parametrize(
    ("topic", "fields", "kind"),
    [
        ("customers/redact", json.loads(sample("customers-redact.json")), "CUSTOMER_REDACT"),
        ("shop/redact", {}, "SHOP_REDACT"),
        ("customers/data_request", {"orders_requested": [1]}, "DATA_REQUEST"),
    ],
)
async def test_a_privacy_request_is_kept_for_the_job(shop: Shop, topic: str, fields: Json, kind: str) -> None:
    await shop.receive(request(shop, topic, **fields | {"shop_domain": shop.store.shop.upper()}))

    (row,) = await shop.rows("SELECT kind, done_time FROM privacy_requests")
    assert (row.kind, row.done_time) == (kind, None)


async def test_what_deliveries_led_to_is_kept_and_nothing_that_they_said(shop: Shop) -> None:
    """Trap 7, and nothing of people."""
    await shop.deliver(placed())

    (row,) = await shop.rows("SELECT deliveries::text AS text, outcome, body_bytes FROM deliveries")
    assert row.outcome == "a snapshot of the order"
    assert row.body_bytes > 100
    assert "Layla" not in row.text
