"""Items appear, and the lines that waited for them want stock."""

import asyncio
from uuid import uuid4

import pytest

from chassis.database.pool import Database
from chassis.errors import NotYet
from orders.mappings.find_items import find_items
from orders.mappings.record_items import KnownItem, record_items
from orders.orders.order import FulfillmentStatus
from tests.given.merchants import eventually
from tests.given.shop import CLOCK, Shop, open_shop
from tests.given.shopify_orders import edited, item, placed

WAITING = """SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
SHORT = FulfillmentStatus.SHORT


async def test_an_order_with_an_unknown_sku_is_there_and_says_so(shop: Shop) -> None:
    """Trap 14."""
    await shop.deliver(placed("#1047", item("SCARF", 2)))

    found = await shop.order()
    assert [(line.unmapped, line.item_id) for line in found.lines] == [(True, None)]
    assert (found.status, found.short_reason) == (SHORT, "no item has the SKU SCARF")
    assert found.unmapped_line_count == 1
    assert [list(event.order_changed.lines) for event in await shop.told(found)] == [[]]


async def test_mapping_it_wants_its_units(shop: Shop) -> None:
    """Trap 14."""
    await shop.deliver(placed("#1047", item("SCARF", 2), item("CAP")))
    assert (await shop.order()).status is FulfillmentStatus.NEW

    scarf = await shop.item("SCARF")

    found = await shop.order()
    assert [line.item_id for line in found.lines] == [scarf, shop.items["CAP"]]
    assert (found.status, found.version, found.unmapped_line_count) == (FulfillmentStatus.NEW, 2, 0)
    event = (await shop.told(found))[-1]
    assert event.header.aggregate_version == 2
    assert {(line.item_id, line.wanted) for line in event.order_changed.lines} == {
        (str(scarf), 2),
        (str(shop.items["CAP"]), 1),
    }
    assert await shop.timeline(found) == ["CREATED", "MAPPED"]


async def test_mapped_lines_are_reserved_while_others_wait_for_their_item(shop: Shop) -> None:
    """Trap 14: never RESERVED while a line that takes stock has no item."""
    await shop.deliver(placed("#1047", item("SCARF", 2), item("CAP")))

    await shop.reserved(await shop.order())

    found = await shop.order()
    assert (found.status, found.short_reason) == (SHORT, "no item has the SKU SCARF")
    assert [line.reserved for line in found.lines] == [0, 1]


async def test_lines_that_never_take_stock_wait_for_no_item(shop: Shop) -> None:
    await shop.deliver(placed("#1047", item("E-BOOK", requires_shipping=False), item("CARD", gift_card=True)))

    found = await shop.order()
    assert (found.status, found.unmapped_line_count) == (FulfillmentStatus.NOTHING_TO_SHIP, 0)
    await shop.item("E-BOOK")
    assert await shop.order() == found


async def test_a_removed_line_without_item_is_waited_for_by_nobody(shop: Shop) -> None:
    order = placed("#1047", item("SCARF", 2), item("CAP"))
    await shop.deliver(order)
    await shop.reserved(await shop.order())

    await shop.deliver(edited(order, "SCARF", 0))

    found = await shop.order()
    assert (found.status, found.version) == (FulfillmentStatus.RESERVED, 1)


async def test_a_sku_that_is_alike_is_the_items_too(shop: Shop) -> None:
    """Trap 14: whichever comes first."""
    await shop.deliver(placed("#1", item("scarf"), item(" SCARF "), item("ＳＣＡＲＦ"), item("SCARFS"), item("")))

    scarf = await shop.item("Scarf")
    await shop.deliver(placed("#2", item("scarf")))

    assert [line.item_id for line in (await shop.order("#1")).lines] == [scarf, scarf, scarf, None, None]
    assert (await shop.order("#2")).lines[0].item_id == scarf


async def test_of_several_items_alike_none_is_taken_and_all_are_named(shop: Shop) -> None:
    """Trap 14."""
    await shop.item("SCARF")
    other = await shop.item("Scarf")

    await shop.deliver(placed("#1047", item("scarf")))

    found = await shop.order()
    assert (found.status, found.short_reason) == (SHORT, "the SKU scarf may mean SCARF or Scarf")
    await shop.item("SHAWL", version=2, item_id=other)
    assert (await shop.order()).lines[0].item_id == shop.items["SCARF"]


async def test_the_very_sku_comes_before_one_that_is_alike(shop: Shop) -> None:
    await shop.item("SCARF")
    await shop.item("Scarf")

    await shop.deliver(placed("#1047", item("Scarf")))

    assert (await shop.order()).lines[0].item_id == shop.items["Scarf"]


async def test_the_very_item_ends_the_doubt(shop: Shop) -> None:
    async with shop.database.transaction(shop.organization) as tx:
        await record_items(tx, CLOCK, [KnownItem(uuid4(), sku, 1, "test") for sku in ("SCARF", "Scarf")])
    await shop.deliver(placed("#1047", item("scarf")))

    await shop.item("scarf")

    assert (await shop.order()).lines[0].candidates == ()
    assert (await shop.order()).unmapped_line_count == 0


async def test_every_order_that_waits_is_mapped_once(shop: Shop) -> None:
    for number in range(5):
        await shop.deliver(placed(f"#{number}", item("SCARF"), item("SCARF", 2)))

    await shop.item("SCARF")
    await shop.item("SCARF", version=2)

    orders = await shop.orders()
    assert [(order.version, order.unmapped_line_count) for order in orders] == [(2, 0)] * 5


async def test_an_older_version_of_an_item_changes_nothing(shop: Shop) -> None:
    item_id = await shop.item("SCARF", version=3)

    await shop.item("SCARF-OLD", version=2, item_id=item_id)

    (row,) = await shop.rows("SELECT sku, version FROM items WHERE id = %s", item_id)
    assert (row.sku, row.version) == ("SCARF", 3)


async def test_the_same_sku_in_another_organisation_is_another_item(shop: Shop) -> None:
    """Trap 1, orders' part."""
    stranger = await open_shop(shop.database, "SCARF")

    await shop.deliver(placed("#1047", item("SCARF")))

    assert (await shop.order()).lines[0].item_id is None
    assert (await shop.item("SCARF")) != stranger.items["SCARF"]


async def test_an_item_of_an_organisation_that_is_not_known_yet_is_tried_again(orders_database: Database) -> None:
    shop = await open_shop(orders_database)
    unknown = Shop(orders_database, shop.store.id, shop.store)

    with pytest.raises(NotYet, match="identity has not told of the organisation"):
        await unknown.item("SCARF")


async def test_an_item_that_appears_while_its_order_comes_in_is_not_missed(shop: Shop) -> None:
    """Trap 14: neither may miss the other, whichever commits first."""
    async with shop.database.transaction(shop.organization) as tx:
        assert (await find_items(tx, ["SCARF"])).of("SCARF").item_id is None
        adding = asyncio.create_task(shop.item("SCARF"))
        await eventually(lambda: shop.rows(WAITING), bool)
        assert not adding.done()
    await adding


async def test_orders_and_items_at_once_leave_no_line_unmapped(shop: Shop) -> None:
    """Trap 14."""
    skus = [f"NEW-{number}" for number in range(12)]

    async with asyncio.TaskGroup() as group:
        for number, sku in enumerate(skus):
            group.create_task(shop.deliver(placed(f"#{number}", item(sku), item(skus[number - 1]))))
            group.create_task(shop.item(sku))

    orders = await shop.orders()
    assert len(orders) == 12
    assert [order.unmapped_line_count for order in orders] == [0] * 12
