"""Lines follow what people say of their SKU: which do, and that none is missed."""

from uuid import uuid4

import pytest

from chassis.database.leases import Lease, take
from chassis.database.pool import Database
from orders.mappings.map_sku import Meaning, map_sku
from orders.mappings.map_unfinished import map_unfinished
from orders.mappings.move_lines import Moved
from orders.orders.create_order import create_order
from orders.orders.edit import AddLine, SetQuantity, SwapSku
from orders.orders.messages import new_order
from orders.webhooks.on_gateway import on_gateway
from rappit.orders.v1.order_entry_pb2 import CreateOrderRequest, NewOrderLine
from rappit.types.v1.money_pb2 import Money
from tests.given.shop import CLOCK, USER, Shop
from tests.given.shopify_orders import cancelled, fulfilled, item, later, placed


@pytest.fixture
async def lease(orders_database: Database) -> Lease:
    """The lease of a job of this test's own."""
    async with orders_database.directory() as tx:
        taken = await take(tx, f"map_unfinished {uuid4()}", "test")
    assert taken is not None
    return taken


async def say(shop: Shop, sku: str, means: str, most: int = 500) -> Moved:
    async with shop.database.transaction(shop.organization) as tx:
        _, moved = await map_sku(tx, CLOCK, Meaning(sku, shop.items[means]), USER, "test", most=most)
    return moved


async def taken(shop: Shop, name: str) -> list[str]:
    """SKUs of the items that the lines of an order take."""
    skus = {item_id: sku for sku, item_id in shop.items.items()}
    return [skus[line.item_id] if line.item_id else "" for line in (await shop.order(name)).lines]


async def test_what_left_and_what_is_alike_stays(shop: Shop) -> None:
    """Units that left were of the item that the line had; only the very SKU is meant."""
    partly = placed("#1", item("TEE-RED", 3), item("tee-red"))
    both = placed("#2", item("TEE-RED", 2), item("TEE-RED"), item("tee-red"), item("CAP"))

    await shop.deliver(fulfilled(partly, "TEE-RED", 1), fulfilled(both, "TEE-RED", 1))

    assert await say(shop, "TEE-RED", "MUG") == (1, 0)
    assert await taken(shop, "#1") == ["TEE-RED", "TEE-RED"]
    assert await taken(shop, "#2") == ["TEE-RED", "MUG", "TEE-RED", "CAP"]


async def test_a_sku_that_was_chosen_here_follows_and_an_item_that_was_named_itself_does_not(shop: Shop) -> None:
    await shop.deliver(placed("#1", item("CAP")))
    before = await shop.order("#1")
    await shop.edit(before, SwapSku(before.lines[0].id, "TEE-RED"))
    price = Money(minor_units=100, currency="SAR")
    lines = [
        NewOrderLine(item_id=str(shop.items["TEE-RED"]), quantity=1, unit_price=price),
        NewOrderLine(sku="TEE-RED", quantity=1, unit_price=price),
    ]
    async with shop.database.transaction(shop.organization) as tx:
        await create_order(tx, CLOCK, new_order(CreateOrderRequest(external_id="T-1", lines=lines)), USER, "test")

    await say(shop, "TEE-RED", "MUG")

    assert await taken(shop, "#1") == ["MUG"]
    assert await taken(shop, "T-1") == ["TEE-RED", "MUG"]


async def test_what_more_than_one_transaction_takes_follows_by_the_person_who_said_so(shop: Shop, lease: Lease) -> None:
    await shop.deliver_together(*(placed(f"#{number}", item("TEE-RED")) for number in range(5)))

    assert await say(shop, "TEE-RED", "MUG", most=2) == (2, 3)
    await map_unfinished(shop.database, CLOCK, lease, most=2)

    assert [(order.lines[0].item_id, order.version) for order in await shop.orders()] == [(shop.items["MUG"], 2)] * 5
    actors = await shop.rows("SELECT actor FROM order_timeline WHERE event = 'MAPPED'")
    assert [row.actor for row in actors] == [USER] * 5


async def test_those_that_follow_are_counted_up_to_a_bound(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.deliver_together(*(placed(f"#{number}", item("TEE-RED")) for number in range(5)))
    monkeypatch.setattr("orders.mappings.move_lines.MOST_COUNTED", 2, raising=False)

    assert await say(shop, "TEE-RED", "MUG", most=1) == (1, 2)


async def test_an_order_that_came_in_meanwhile_with_the_old_item_follows(shop: Shop, lease: Lease) -> None:
    """Its SKU had an item, so that it waited for nobody: whoever commits first, it ends with what was said."""
    async with shop.database.transaction(shop.organization) as tx:
        await on_gateway(CLOCK, tx, [shop.delivery(placed("#1", item("TEE-RED")))])
        assert await say(shop, "TEE-RED", "MUG") == (0, 0)
    assert await taken(shop, "#1") == ["TEE-RED"]

    await map_unfinished(shop.database, CLOCK, lease)

    assert await taken(shop, "#1") == ["MUG"]


async def test_a_sku_is_looked_at_until_its_time_is_over(shop: Shop, lease: Lease) -> None:
    await say(shop, "TEE-RED", "MUG")
    await map_unfinished(shop.database, CLOCK, lease)
    assert len(await shop.rows("SELECT FROM moving_skus")) == 1

    await shop.rows("UPDATE moving_skus SET until_time = now() RETURNING 1")
    await map_unfinished(shop.database, CLOCK, lease)

    assert await shop.rows("SELECT FROM moving_skus") == []


async def test_a_cancelled_order_follows_when_its_store_takes_the_cancel_back(shop: Shop) -> None:
    order = placed("#1", item("TEE-RED"))
    gone = cancelled(order)
    await shop.deliver(order, gone)
    assert await say(shop, "TEE-RED", "MUG") == (0, 0)
    assert (await shop.order("#1")).version == 2

    await shop.deliver(later(gone, cancelled_at=None, cancel_reason=None))

    assert await taken(shop, "#1") == ["MUG"]


async def test_what_was_chosen_here_follows_too_when_the_cancel_is_taken_back(shop: Shop, lease: Lease) -> None:
    """Trap 16: a SKU in another's place, a line that was added, and one that the store names no more."""
    order = placed("#1", item("CAP"), item("TEE-RED", 2))
    await shop.deliver(order)
    before = await shop.order("#1")
    cap, tee = before.lines
    await shop.edit(before, SwapSku(cap.id, "TEE-RED"), AddLine("TEE-RED", 1, ""), SetQuantity(tee.id, 3))
    gone = cancelled(order)
    await shop.deliver(gone)
    await say(shop, "TEE-RED", "MUG")
    await shop.rows("UPDATE moving_skus SET until_time = now() RETURNING 1")
    await map_unfinished(shop.database, CLOCK, lease)

    await shop.deliver(later(gone, line_items=gone["line_items"][:1], cancelled_at=None, cancel_reason=None))

    assert await taken(shop, "#1") == ["MUG"] * 3
