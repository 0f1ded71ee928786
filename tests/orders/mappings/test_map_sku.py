"""MapSku: people say which item a SKU of stores means."""

import asyncio
from uuid import UUID, uuid4

from chassis.database.leases import take
from orders.mappings.find_items import find_items
from orders.mappings.map_sku import Meaning, map_sku
from orders.mappings.map_unfinished import map_unfinished
from orders.orders.order import FulfillmentStatus
from rappit.orders.v1.mappings_pb2 import Mapping, MapSkuRequest
from tests.given.merchants import eventually
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import CLOCK, USER, Shop, open_shop
from tests.given.shopify_orders import item, placed

WAITING = """SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


async def say(served: ServedOrders, shop: Shop, sku: str, item_id: UUID) -> Mapping:
    request = MapSkuRequest(sku=sku, item_id=str(item_id))
    mapping: Mapping = (await served.call(served.mappings.MapSku, request, shop.organization)).mapping
    return mapping


async def test_lines_that_wait_are_reserved_at_once(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 14."""
    await shop.deliver_together(placed("#1", item("8-SCARF", 2)), placed("#2", item("8-SCARF"), item("CAP")))

    mapping = await say(served_orders, shop, "8-SCARF", shop.items["MUG"])

    user = f"user:{served_orders.user}"
    assert (mapping.sku, mapping.item_id, mapping.item_sku, mapping.actor) == (
        "8-SCARF",
        str(shop.items["MUG"]),
        "MUG",
        user,
    )
    for order in await shop.orders():
        assert (order.status, order.version, order.unmapped_line_count) == (FulfillmentStatus.NEW, 2, 0)
        event = (await shop.told(order))[-1]
        assert str(shop.items["MUG"]) in {line.item_id for line in event.order_changed.lines}
    entries = await shop.rows("SELECT message, actor FROM order_timeline WHERE event = 'MAPPED'")
    assert {tuple(entry) for entry in entries} == {("an item is known for the SKU 8-SCARF now", user)}


async def test_later_lines_take_it_and_it_counts_before_the_very_sku(served_orders: ServedOrders, shop: Shop) -> None:
    await say(served_orders, shop, "TEE-RED", shop.items["MUG"])

    await shop.deliver(placed("#1", item("TEE-RED"), item("tee-red")))

    assert [line.item_id for line in (await shop.order("#1")).lines] == [shop.items["MUG"], shop.items["TEE-RED"]]


async def test_said_again_lines_move_to_the_other_item_and_the_answer_counts_them(
    served_orders: ServedOrders, shop: Shop
) -> None:
    """Trap 14: what was reserved by mistake is given back, and the right item reserved."""
    await say(served_orders, shop, "SCARF", shop.items["MUG"])
    await shop.deliver_together(placed("#1", item("SCARF", 2)), placed("#2", item("SCARF"), item("CAP")))
    await shop.reserved(await shop.order("#1"))

    request = MapSkuRequest(sku="SCARF", item_id=str(shop.items["CAP"]))
    answer = await served_orders.call(served_orders.mappings.MapSku, request, shop.organization)

    assert (answer.changed_orders, answer.orders_to_follow) == (2, 0)
    order = await shop.order("#1")
    assert (order.status, order.version) == (FulfillmentStatus.NEW, 2)
    (line,) = (await shop.told(order))[-1].order_changed.lines
    assert (line.item_id, line.wanted) == (str(shop.items["CAP"]), 2)
    (entry,) = await shop.rows(
        "SELECT message, actor, old_value, new_value FROM order_timeline WHERE event = 'MAPPED' AND order_id = %s",
        order.id,
    )
    user = f"user:{served_orders.user}"
    assert tuple(entry) == ("the SKU SCARF means another item now", user, "MUG", "CAP")


async def test_it_ends_the_doubt_between_items_that_are_alike(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 14."""
    await shop.item("SCARF")
    other = await shop.item("Scarf")
    await shop.deliver(placed("#1", item("scarf")))
    assert (await shop.order("#1")).unmapped_line_count == 1

    await say(served_orders, shop, "scarf", other)

    assert (await shop.order("#1")).lines[0].item_id == other


async def test_what_more_than_one_transaction_takes_is_left_to_the_job(shop: Shop) -> None:
    await shop.deliver_together(*(placed(f"#{number}", item("SCARF")) for number in range(5)))
    async with shop.database.transaction(shop.organization) as tx:
        _, moved = await map_sku(tx, CLOCK, Meaning("SCARF", shop.items["MUG"]), USER, "test", most=2)
    assert moved == (2, 3)
    assert sum(order.unmapped_line_count for order in await shop.orders()) == 3
    async with shop.database.directory() as tx:
        lease = await take(tx, f"map_unfinished {uuid4()}", "test")
    assert lease is not None

    await map_unfinished(shop.database, CLOCK, lease, most=2)

    assert sum(order.unmapped_line_count for order in await shop.orders()) == 0


async def test_a_sku_that_is_mapped_while_its_order_comes_in_is_not_missed(shop: Shop) -> None:
    """Trap 14: neither may miss the other, whichever commits first."""

    async def say_so() -> None:
        async with shop.database.transaction(shop.organization) as tx:
            await map_sku(tx, CLOCK, Meaning("SCARF", shop.items["MUG"]), USER, "test")

    async with shop.database.transaction(shop.organization) as tx:
        assert (await find_items(tx, ["SCARF"])).of("SCARF").item_id is None
        saying = asyncio.create_task(say_so())
        await eventually(lambda: shop.rows(WAITING), bool)
        assert not saying.done()
    await saying


async def test_orders_and_mappings_at_once_leave_no_line_unmapped(shop: Shop) -> None:
    """Trap 14."""

    async def say_so(sku: str) -> None:
        async with shop.database.transaction(shop.organization) as tx:
            await map_sku(tx, CLOCK, Meaning(sku, shop.items["MUG"]), USER, "test")

    async with asyncio.TaskGroup() as group:
        for number in range(8):
            group.create_task(shop.deliver(placed(f"#{number}", item(f"NEW-{number}"))))
            group.create_task(say_so(f"NEW-{number}"))

    assert [order.unmapped_line_count for order in await shop.orders()] == [0] * 8


async def test_refusals(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    stranger = await open_shop(shop.database, "SCARF")

    for item_id in (uuid4(), stranger.items["SCARF"]):
        with refused("ITEM_NOT_FOUND"):
            await say(served_orders, shop, "SCARF", item_id)
    request = MapSkuRequest(sku="SCARF", item_id=str(shop.items["MUG"]))
    with refused("NOT_PERMITTED"):
        await served_orders.call(served_orders.mappings.MapSku, request, shop.organization, "mappings.read")
