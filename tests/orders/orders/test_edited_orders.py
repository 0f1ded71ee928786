"""Orders as stores edit them: what other services are told to do then."""

from orders.orders.order import FulfillmentStatus, Order
from tests.given.shop import Shop
from tests.given.shopify_orders import added, edited, fulfilled, item, later, line_of, placed, refunded


async def wanted(shop: Shop, order: Order) -> dict[str, tuple[int, int]]:
    """SKU -> units wanted and units that left, as the latest event says."""
    skus = {str(item_id): sku for sku, item_id in shop.items.items()}
    event = (await shop.told(order))[-1]
    assert event.header.aggregate_version == order.version
    return {
        skus[line.item_id]: (line.wanted, sum(left.quantity for left in line.fulfilled_at))
        for line in event.order_changed.lines
    }


async def test_more_of_a_line_is_wanted(shop: Shop) -> None:
    """Trap 16."""
    order = placed("#1047", item("TEE-RED", 2))
    await shop.deliver(order)
    before = await shop.order()
    await shop.reserved(before)

    await shop.deliver(edited(order, "TEE-RED", 5))

    found = await shop.order()
    assert await wanted(shop, found) == {"TEE-RED": (5, 0)}
    assert (found.status, found.version) == (FulfillmentStatus.NEW, 2)
    assert found.lines[0].id == before.lines[0].id
    assert (found.lines[0].said.ordered, found.lines[0].said.wanted, found.lines[0].reserved) == (2, 5, 2)
    assert "LINES_CHANGED" in await shop.timeline(found)


async def test_less_of_a_line_is_wanted(shop: Shop) -> None:
    """Trap 16."""
    order = placed("#1047", item("TEE-RED", 2))

    await shop.deliver(order, edited(order, "TEE-RED", 1))

    found = await shop.order()
    assert await wanted(shop, found) == {"TEE-RED": (1, 0)}
    assert found.lines[0].said.ordered == 2


async def test_a_line_is_added(shop: Shop) -> None:
    """Trap 16."""
    order = placed("#1047", item("TEE-RED", 2))

    await shop.deliver(order, added(order, item("CAP", 3)))

    assert await wanted(shop, await shop.order()) == {"TEE-RED": (2, 0), "CAP": (3, 0)}


async def test_a_line_is_removed_as_stores_do_it(shop: Shop) -> None:
    """Trap 16: the line stays, and nothing of it is wanted."""
    order = placed("#1047", item("TEE-RED", 2), item("CAP"))

    await shop.deliver(order, edited(order, "TEE-RED", 0))

    found = await shop.order()
    assert await wanted(shop, found) == {"TEE-RED": (0, 0), "CAP": (1, 0)}
    assert len(found.lines) == 2


async def test_a_line_that_is_no_longer_named_is_gone(shop: Shop) -> None:
    """Trap 16."""
    order = placed("#1047", item("TEE-RED", 2), item("CAP"))

    await shop.deliver(order, later(order, line_items=[line_of(order, "CAP")]))

    found = await shop.order()
    assert await wanted(shop, found) == {"CAP": (1, 0)}
    assert [line.said.sku for line in found.lines] == ["CAP"]
    assert await shop.rows("SELECT FROM order_lines WHERE sku = 'TEE-RED'") == []


async def test_a_product_is_swapped_for_another(shop: Shop) -> None:
    """Trap 16: the old line falls to nothing, the new one is a line of its own."""
    order = placed("#1047", item("TEE-RED", 2))

    await shop.deliver(order, added(edited(order, "TEE-RED", 0), item("TEE-BLUE", 2)))

    assert await wanted(shop, await shop.order()) == {"TEE-RED": (0, 0), "TEE-BLUE": (2, 0)}


async def test_another_sku_in_the_same_line_takes_the_other_item(shop: Shop) -> None:
    """Trap 16."""
    order = placed("#1047", item("TEE-RED", 2))
    swapped = later(order)
    line_of(swapped, "TEE-RED")["sku"] = "TEE-BLUE"

    await shop.deliver(order, swapped)

    found = await shop.order()
    assert await wanted(shop, found) == {"TEE-BLUE": (2, 0)}
    assert found.lines[0].item_id == shop.items["TEE-BLUE"]


async def test_a_line_that_stops_being_shipped_takes_no_stock(shop: Shop) -> None:
    """Trap 16."""
    order = placed("#1047", item("TEE-RED", 2), item("CAP"))
    digital = later(order)
    line_of(digital, "TEE-RED")["requires_shipping"] = False

    await shop.deliver(order, digital)

    assert await wanted(shop, await shop.order()) == {"CAP": (1, 0)}


async def test_an_edit_after_a_parcel_left_counts_what_left(shop: Shop) -> None:
    """Trap 16, after shipment."""
    order = placed("#1047", item("TEE-RED", 3))
    shipped = fulfilled(order, "TEE-RED", 2)

    await shop.deliver(order, shipped, refunded(shipped, "TEE-RED", 1, "cancel"))

    found = await shop.order()
    assert await wanted(shop, found) == {"TEE-RED": (2, 2)}
    assert found.status is FulfillmentStatus.NOTHING_TO_SHIP
    assert "FULFILLED_IN_STORE" in await shop.timeline(found)


async def test_an_order_that_left_in_the_store_has_nothing_more_to_ship(shop: Shop) -> None:
    order = placed("#1047", item("TEE-RED", 2))

    await shop.deliver(order, fulfilled(order, "TEE-RED", 2))

    found = await shop.order()
    assert await wanted(shop, found) == {"TEE-RED": (2, 2)}
    assert found.status is FulfillmentStatus.NOTHING_TO_SHIP


async def test_a_change_that_nobody_must_act_on_is_told_to_nobody(shop: Shop) -> None:
    """Versions do not loop: only what other services must do makes one."""
    order = placed("#1047", item("TEE-RED", 2))
    await shop.deliver(order)
    await shop.reserved(await shop.order())

    await shop.deliver(later(order, note="Ring twice", tags="vip", financial_status="paid"))

    found = await shop.order()
    assert (found.status, found.version) == (FulfillmentStatus.RESERVED, 1)
    assert len(await shop.told(found)) == 1
    assert found.etag == 3
    assert await shop.timeline(found) == ["CREATED", "RESERVED", "PAYMENT_CHANGED", "DETAILS_CHANGED"]
