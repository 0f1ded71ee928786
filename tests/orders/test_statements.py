"""A batch of any size costs the same number of statements."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from chassis.messaging.envelope import Message
from orders.mappings.record_items import KnownItem, record_items
from orders.orders.on_inventory import on_inventory
from orders.orders.order import Order
from rappit.inventory.v1.events_pb2 import DemandReserved, StockEvent
from rappit.inventory.v1.reservations_pb2 import DEMAND_OWNER_ORDERS, DemandLine
from tests.given.shop import CLOCK, Shop
from tests.given.shopify_orders import Json, by_guest, cancelled, edited, item, paid, placed
from tests.given.statements import statements


def orders(number: int, sku: str = "TEE-RED") -> list[Json]:
    """Half of them by guests."""
    many = [placed(f"#{each}", item(sku), item("CAP", 2)) for each in range(number)]
    return [order if each % 2 else by_guest(order) for each, order in enumerate(many)]


async def count(work: Callable[[], Awaitable[object]]) -> int:
    with statements() as seen:
        await work()
    return len(seen)


@pytest.mark.parametrize("size", [2, 40])
async def test_new_orders(shop: Shop, size: int) -> None:
    """Store, deliveries, what is known, items, locks, customers (both), orders, lines, terms, timeline, outbox."""
    assert await count(lambda: shop.deliver_together(*orders(size))) == 12


@pytest.mark.parametrize("size", [2, 40])
async def test_new_orders_with_skus_that_no_item_has(shop: Shop, size: int) -> None:
    """As above, and: locks of the SKUs, and the items once more."""
    assert await count(lambda: shop.deliver_together(*orders(size, sku="SCARF"))) == 14


@pytest.mark.parametrize("size", [2, 40])
async def test_orders_that_were_edited(shop: Shop, size: int) -> None:
    """Store, deliveries, what is known, items, locks, lines, who is erased, customers, orders, lines, timeline,
    outbox.
    """
    before = orders(size)
    await shop.deliver_together(*before)

    assert await count(lambda: shop.deliver_together(*(edited(order, "CAP", 1) for order in before))) == 12


@pytest.mark.parametrize("size", [2, 40])
async def test_orders_that_were_paid(shop: Shop, size: int) -> None:
    """As above, without lines and outbox."""
    before = orders(size)
    await shop.deliver_together(*before)

    assert await count(lambda: shop.deliver_together(*map(paid, before))) == 10


@pytest.mark.parametrize("size", [2, 40])
async def test_repeats(shop: Shop, size: int) -> None:
    """Store, deliveries, what is known, items, locks, lines."""
    before = orders(size)
    await shop.deliver_together(*map(cancelled, before))

    assert await count(lambda: shop.deliver_together(*before)) == 6


@pytest.mark.parametrize("size", [2, 40])
async def test_answers_of_inventory(shop: Shop, size: int) -> None:
    """Locks, lines, orders, lines, timeline."""
    await shop.deliver_together(*orders(size))
    answers = [_answer(shop, order) for order in await shop.orders()]

    async def hear() -> None:
        async with shop.database.transaction(shop.organization) as tx:
            await on_inventory(CLOCK, tx, answers)

    assert await count(hear) == 5


@pytest.mark.parametrize("size", [2, 40])
async def test_items_that_orders_waited_for(shop: Shop, size: int) -> None:
    """Items before, locks of SKUs, items, whom they concern, locks, lines, items, orders, lines, timeline, outbox."""
    await shop.deliver_together(*orders(size, sku="SCARF"))

    async def record() -> None:
        async with shop.database.transaction(shop.organization) as tx:
            await record_items(tx, CLOCK, [KnownItem(uuid4(), "SCARF", 1, "test")])

    assert await count(record) == 11


def _answer(shop: Shop, order: Order) -> Message[StockEvent]:
    lines = [DemandLine(line_id=str(line.id), reserved=line.open) for line in order.lines]
    event = StockEvent(order_version=1, owner=DEMAND_OWNER_ORDERS, demand_reserved=DemandReserved(lines=lines))
    return shop.message(event, str(order.id), 1)
