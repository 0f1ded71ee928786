"""From which warehouses an order is taken, and why, as people read it on the order and its timeline."""

from uuid import uuid4

from orders.orders.order import Order
from rappit.inventory.v1.events_pb2 import SHORT_REASON_RELEASED_BY_FORCE, DemandClosed, DemandReserved, DemandShort
from rappit.inventory.v1.reservations_pb2 import DemandLine, ReservedAt
from rappit.orders.v1.orders_pb2 import GetOrderRequest
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import item, placed

MAIN, JEDDAH = str(uuid4()), str(uuid4())
CODES = {MAIN: "MAIN", JEDDAH: "JEDDAH"}


def holds(order: Order, *places: tuple[str, int, str]) -> list[DemandLine]:
    """What the demand of the order's first line holds: (warehouse, units, why there)."""
    reserved_at = [
        ReservedAt(warehouse_id=where, quantity=units, warehouse_code=CODES[where], why=why)
        for where, units, why in places
    ]
    line = order.lines[0]
    reserved = sum(units for _, units, _ in places)
    return [DemandLine(line_id=str(line.id), item_id=str(line.item_id), reserved=reserved, reserved_at=reserved_at)]


async def entries(shop: Shop) -> list[tuple[str, ...]]:
    rows = await shop.rows("SELECT event, message, reason FROM order_timeline ORDER BY position")
    return [tuple(row) for row in rows[1:]]


async def test_the_order_and_its_timeline_say_from_where_and_why(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 3)))
    order = await shop.order()
    why = "no warehouse has all 3: MAIN had 2"

    await shop.answer(order, demand_reserved=DemandReserved(lines=holds(order, (MAIN, 2, why), (JEDDAH, 1, why))))

    request = GetOrderRequest(order_id=str(order.id))
    told = (await served_orders.call(served_orders.orders.GetOrder, request, shop.organization)).order
    assert [
        (each.warehouse_id, each.warehouse_code, each.quantity, each.why) for each in told.lines[0].reserved_at
    ] == [
        (MAIN, "MAIN", 2, why),
        (JEDDAH, "JEDDAH", 1, why),
    ]
    assert await entries(shop) == [("RESERVED", "1 line reserved: TEE-RED 2 in MAIN; TEE-RED 1 in JEDDAH", why)]


async def test_units_that_move_to_another_warehouse_are_told_with_old_and_new(shop: Shop) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 2)))
    order = await shop.order()
    await shop.answer(order, demand_reserved=DemandReserved(lines=holds(order, (MAIN, 2, "MAIN has all 2"))))

    moved = DemandReserved(lines=holds(order, (JEDDAH, 2, "JEDDAH has all 2: MAIN had 0")))
    await shop.answer(order, demand_reserved=moved)
    await shop.answer(order, demand_reserved=moved)

    (entry,) = await shop.rows(
        "SELECT message, reason, old_value, new_value FROM order_timeline WHERE event = 'PLACES_CHANGED'"
    )
    new = "TEE-RED 2 in JEDDAH"
    assert tuple(entry) == (new, "JEDDAH has all 2: MAIN had 0", "TEE-RED 2 in MAIN", new)


async def test_what_is_reserved_of_a_short_order_is_told_too_and_force_by_its_name(shop: Shop) -> None:
    """Trap 44, orders' side: who lost units is told why."""
    await shop.deliver(placed("#1047", item("TEE-RED", 3)))
    order = await shop.order()
    short = DemandShort(lines=holds(order, (MAIN, 1, "MAIN had 1")))
    short.short_lines.add(line_id=str(order.lines[0].id), missing=2, reason=SHORT_REASON_RELEASED_BY_FORCE)

    await shop.answer(order, demand_short=short)

    found = await shop.order()
    released = "TEE-RED lacks 2: its units were released by force, and it takes none until the order changes"
    assert found.short_reason == released
    assert await entries(shop) == [("SHORT", f"{released}; reserved: TEE-RED 1 in MAIN", "MAIN had 1")]


async def test_a_demand_whose_time_was_up_says_so_and_holds_nothing_anywhere(shop: Shop) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 2)))
    order = await shop.order()
    await shop.answer(order, demand_reserved=DemandReserved(lines=holds(order, (MAIN, 2, ""))))

    await shop.answer(order, demand_closed=DemandClosed(expired=True))

    found = await shop.order()
    assert found.short_reason == "inventory let go what it held: its time was up"
    assert found.lines[0].reserved_at == ()
