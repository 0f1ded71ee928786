"""Snapshots of stores become orders."""

import asyncio
from dataclasses import replace

from chassis.database.pool import Database
from orders.orders.load_orders import lock_orders
from orders.orders.order import FulfillmentStatus
from orders.orders.snapshot import CancelReason, PaymentStatus
from orders.providers.shopify.order import read_order
from orders.webhooks.on_gateway import on_gateway
from tests.given.merchants import eventually
from tests.given.shop import CLOCK, Shop, open_organization, open_shop
from tests.given.shopify_orders import RISK, body, by_guest, cancelled, edited, item, later, paid, placed, risk

# Transactions of this database that wait for another to end.
WAITING = """SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'transactionid' AND NOT granted AND datname = current_database()"""


async def test_an_order_comes_in_with_all_that_the_store_said(shop: Shop) -> None:
    order = placed("#1047", item("TEE-RED", 2), item("CAP"), tags="gift", note="Ring twice")

    await shop.deliver(order, topic="orders/create")

    found = await shop.order()
    assert found.snapshot == read_order(body(order))
    assert found.snapshot.rank == read_order(body(order)).rank
    assert [(line.item_id, line.reserved) for line in found.lines] == [
        (shop.items["TEE-RED"], 0),
        (shop.items["CAP"], 0),
    ]
    assert (found.status, found.version, found.etag, found.store_id) == (FulfillmentStatus.NEW, 1, 1, shop.store.id)
    assert await shop.timeline(found) == ["CREATED"]


async def test_the_same_delivery_five_times_at_once_is_one_order(shop: Shop) -> None:
    """Trap 11."""
    order = placed()

    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(shop.deliver(order))

    (found,) = await shop.orders()
    assert found.etag == 1
    assert len(await shop.told(found)) == 1


async def test_a_new_order_that_two_bring_at_once_ends_with_the_greater(shop: Shop) -> None:
    """Trap 11: whoever comes second waits for the first, and then merges."""
    order = placed()
    async with shop.database.transaction(shop.organization) as tx:
        await on_gateway(CLOCK, tx, [shop.delivery(order)])
        second = asyncio.create_task(shop.deliver(cancelled(order)))
        await eventually(lambda: shop.rows(WAITING), bool)
    await second

    (found,) = await shop.orders()
    assert (found.status, found.version) == (FulfillmentStatus.CANCELLED, 2)
    assert await shop.timeline(found) == ["CREATED", "CANCELLED"]


async def test_a_batch_locks_its_orders_in_the_one_order_of_all(shop: Shop) -> None:
    """Trap 20: whoever waits for the first of them is waited for by nobody, whatever the batch says of each."""
    first, second = placed("#1"), placed("#2")
    await shop.deliver(first, second)
    ids = [(await shop.order(name)).id for name in ("#1", "#2")]
    batch = [
        shop.delivery(later(second)),
        shop.delivery(risk(first, "high"), RISK, external_id=str(first["id"])),
    ]

    async with shop.database.transaction(shop.organization) as tx:
        await lock_orders(tx, ids[:1])
        other = asyncio.create_task(shop.receive(*batch))
        await eventually(lambda: shop.rows(WAITING), bool)
        await lock_orders(tx, ids)
    await other

    assert (await shop.order("#1")).high_risk


async def test_a_later_update_is_not_dropped_as_a_repeat(shop: Shop) -> None:
    """Trap 11."""
    order = placed()

    await shop.deliver(order, paid(order))

    found = await shop.order()
    assert found.snapshot.payment_status is PaymentStatus.PAID
    assert await shop.timeline(found) == ["CREATED", "PAYMENT_CHANGED"]


async def test_a_late_older_snapshot_changes_nothing(shop: Shop) -> None:
    """Trap 11."""
    order = placed()
    await shop.deliver(paid(order))
    before = await shop.order()

    await shop.deliver(order)

    assert await shop.order() == before
    assert (await shop.order()).snapshot.rank == before.snapshot.rank


async def test_an_update_without_a_visible_change_leaves_the_etag_and_is_remembered(shop: Shop) -> None:
    order = placed()
    await shop.deliver(order)
    before = await shop.order()

    await shop.deliver(later(order))

    found = await shop.order()
    assert found == before
    assert found.snapshot.rank > before.snapshot.rank
    assert await shop.timeline(found) == ["CREATED"]


async def test_at_one_time_the_cancelled_snapshot_is_the_later_one(shop: Shop) -> None:
    """Trap 48."""
    order = placed()
    cancel = cancelled(order) | {"updated_at": order["updated_at"]}

    await shop.deliver(cancel, order, paid(order) | {"updated_at": order["updated_at"]})

    assert (await shop.order()).status is FulfillmentStatus.CANCELLED


async def test_paid_before_create_is_a_paid_order(shop: Shop) -> None:
    """Trap 48."""
    order = placed()

    await shop.deliver(paid(order), topic="orders/paid")
    await shop.deliver(order, topic="orders/create")

    found = await shop.order()
    assert found.snapshot.payment_status is PaymentStatus.PAID
    assert len(await shop.told(found)) == 1


async def test_a_batch_with_several_snapshots_of_an_order_applies_the_greatest(shop: Shop) -> None:
    order = placed()

    await shop.deliver_together(cancelled(paid(order)), order, paid(order))

    found = await shop.order()
    assert (found.status, found.version) == (FulfillmentStatus.CANCELLED, 1)
    assert found.snapshot.payment_status is PaymentStatus.PAID


async def test_a_batch_of_many_orders_writes_each(shop: Shop) -> None:
    orders = [placed(f"#{number}", item("TEE-RED"), item("CAP", 2)) for number in range(30)]

    await shop.deliver_together(*orders, *map(paid, orders[:10]))

    found = await shop.orders()
    assert sorted(order.snapshot.name for order in found) == sorted(order["name"] for order in orders)
    assert sum(order.snapshot.payment_status is PaymentStatus.PAID for order in found) == 10
    assert {line.item_id for order in found for line in order.lines} == {shop.items["TEE-RED"], shop.items["CAP"]}


async def test_a_cancel_of_the_store_is_kept_with_its_reason(shop: Shop) -> None:
    order = placed()

    await shop.deliver(order, cancelled(order, "inventory"))

    found = await shop.order()
    assert (found.status, found.cancel_reason) == (FulfillmentStatus.CANCELLED, CancelReason.OUT_OF_STOCK)
    assert await shop.timeline(found) == ["CREATED", "CANCELLED"]
    (entry,) = await shop.rows(
        "SELECT message, actor, old_value, new_value FROM order_timeline WHERE event = 'CANCELLED'"
    )
    assert tuple(entry) == ("the store cancelled it: OUT_OF_STOCK", f"store:{shop.store.id}", "NEW", "CANCELLED")


async def test_a_cancel_decided_here_survives_every_snapshot(shop: Shop) -> None:
    order = placed()
    await shop.deliver(order)
    await shop.cancel(await shop.order())

    await shop.deliver(paid(order), edited(paid(order), "TEE-RED", 5))

    found = await shop.order()
    assert (found.status, found.cancel_reason) == (FulfillmentStatus.CANCELLED, CancelReason.CUSTOMER_REQUEST)
    assert found.snapshot.payment_status is PaymentStatus.PAID
    assert found.version == 2


async def test_two_guests_are_two_customers_however_alike(shop: Shop) -> None:
    """Trap 15."""
    await shop.deliver_together(by_guest(placed("#1")), by_guest(placed("#2")))
    await shop.deliver(by_guest(placed("#3")))

    orders = await shop.orders()
    assert len({order.snapshot.customer for order in orders}) == 1
    assert len({order.customer_id for order in orders} - {None}) == 3


async def test_a_guest_stays_one_customer_through_updates(shop: Shop) -> None:
    """Trap 15."""
    order = by_guest(placed())
    await shop.deliver(order)
    before = await shop.order()

    await shop.deliver(paid(order))

    assert (await shop.order()).customer_id == before.customer_id


async def test_the_same_customer_twice_in_a_store_is_one_and_in_two_stores_two(shop: Shop) -> None:
    """Trap 15."""
    customer = placed()["customer"]
    other = await open_shop(shop.database, organization=shop.organization)

    await shop.deliver_together(placed("#1", customer=customer), placed("#2", customer=customer))
    await shop.deliver(placed("#3", customer=customer))
    await other.deliver(placed("#4", customer=customer))

    ids = [(await shop.order(name)).customer_id for name in ("#1", "#2", "#3", "#4")]
    assert len(set(ids[:3])) == 1
    assert ids[3] not in ids[:3]


async def test_a_guest_who_became_a_customer_is_that_customer(shop: Shop) -> None:
    """Trap 15."""
    order = placed()
    await shop.deliver(order | {"customer": None})
    guest = (await shop.order()).customer_id

    await shop.deliver(later(order))

    found = await shop.order()
    assert found.customer_id != guest
    assert found.snapshot.customer is not None
    assert found.snapshot.customer.external_id == str(order["customer"]["id"])


async def test_two_stores_and_two_organisations_may_use_the_same_order_id(shop: Shop) -> None:
    """Trap 15."""
    order = placed()
    sister = await open_shop(shop.database, organization=shop.organization)
    stranger = await open_shop(shop.database)

    for each in (shop, sister, stranger):
        await each.deliver(order)

    assert len(await shop.orders()) == 2
    assert len(await stranger.orders()) == 1


async def test_the_database_itself_refuses_a_second_order_of_one_id(shop: Shop) -> None:
    """Trap 15: the ingest key has no nullable part that would let two in."""
    (row,) = await shop.rows(
        """SELECT count(*) FILTER (WHERE attnotnull) AS not_null, count(*) AS parts
        FROM pg_index, unnest(indkey) AS part JOIN pg_attribute ON attnum = part
        WHERE indexrelid = 'orders_ingest_key'::regclass AND attrelid = indrelid AND indisunique"""
    )

    assert (row.parts, row.not_null) == (3, 3)


async def test_an_order_of_another_organisation_is_not_seen(shop: Shop, orders_database: Database) -> None:
    await shop.deliver(placed())

    stranger = replace(shop, organization=await open_organization(orders_database))

    assert await stranger.orders() == []
