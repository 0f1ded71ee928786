"""EditOrder: lines are changed here, and stay so whatever the store says later."""

from uuid import UUID, uuid4

import pytest

from orders.orders.edit import AddLine, SetQuantity, SwapSku
from orders.orders.order import FulfillmentStatus, Order
from rappit.orders.v1 import order_entry_pb2 as wire
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import added, edited, fulfilled, item, later, line_of, paid, placed


async def wanted(shop: Shop) -> dict[str, int]:
    """SKU -> units wanted of the one order, as the latest event says."""
    order = await shop.order()
    skus = {str(item_id): sku for sku, item_id in shop.items.items()}
    event = (await shop.told(order))[-1]
    assert event.header.aggregate_version == order.version
    return {skus[line.item_id]: line.wanted for line in event.order_changed.lines}


def line_id(order: Order, sku: str) -> UUID:
    return next(line.id for line in order.lines if line.sku == sku)


async def test_more_fewer_added_removed_and_swapped_at_once(shop: Shop) -> None:
    """Trap 16, before picking."""
    await shop.deliver(placed("#1047", item("TEE-RED", 2), item("CAP", 3), item("MUG")))
    before = await shop.order()
    await shop.reserved(before)

    after = await shop.edit(
        before,
        SetQuantity(line_id(before, "TEE-RED"), 5),
        SetQuantity(line_id(before, "CAP"), 0),
        SwapSku(line_id(before, "MUG"), "TEE-BLUE"),
        AddLine("CARD", 1, ""),
    )

    await shop.item("CARD")
    assert await wanted(shop) == {"TEE-RED": 5, "CAP": 0, "TEE-BLUE": 1, "CARD": 1}
    assert (after.status, after.version) == (FulfillmentStatus.NEW, 2)
    await shop.reserved(await shop.order())
    assert (await shop.order()).status is FulfillmentStatus.RESERVED
    (entry,) = await shop.rows("SELECT message, reason FROM order_timeline WHERE event = 'EDITED'")
    assert entry.reason == "they called"
    assert entry.message == (
        "TEE-RED: 2 before, 5 now; CAP: removed, 3 before; MUG: TEE-BLUE is sent instead; CARD: added, 1"
    )


async def test_what_is_kept_is_what_was_decided(shop: Shop) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 2), item("MUG")))
    before = await shop.order()

    after = await shop.edit(
        before,
        SetQuantity(before.lines[0].id, 1),
        SwapSku(before.lines[1].id, "TEE-BLUE"),
        AddLine("SCARF", 1, ""),
    )

    assert await shop.order() == after


async def test_a_later_snapshot_takes_nothing_back(shop: Shop) -> None:
    """Trap 16, and a snapshot never clears a local fact."""
    order = placed("#1047", item("TEE-RED", 2), item("MUG"))
    await shop.deliver(order)
    before = await shop.order()
    await shop.edit(
        before,
        SetQuantity(line_id(before, "TEE-RED"), 1),
        SwapSku(line_id(before, "MUG"), "TEE-BLUE"),
        AddLine("CAP", 2, ""),
    )

    await shop.deliver(later(order, note="Ring twice"), paid(later(order, note="Ring twice")))

    assert await wanted(shop) == {"TEE-RED": 1, "TEE-BLUE": 1, "CAP": 2}
    assert (await shop.order()).version == 2
    assert await shop.timeline(before) == ["CREATED", "EDITED", "DETAILS_CHANGED", "PAYMENT_CHANGED"]


async def test_what_the_store_changes_as_well_counts_too(shop: Shop) -> None:
    """Trap 16: taken off on both sides is taken off once; what only the store adds is added."""
    order = placed("#1047", item("TEE-RED", 3), item("CAP", 2))
    await shop.deliver(order)
    before = await shop.order()
    await shop.edit(before, SetQuantity(line_id(before, "TEE-RED"), 2), SetQuantity(line_id(before, "CAP"), 1))

    await shop.deliver(added(edited(edited(order, "TEE-RED", 2), "CAP", 4), item("MUG", 1)))

    assert await wanted(shop) == {"TEE-RED": 2, "CAP": 3, "MUG": 1}


async def test_a_line_that_the_store_names_no_more_keeps_what_was_added_here(shop: Shop) -> None:
    """Trap 16."""
    order = placed("#1047", item("TEE-RED", 2), item("CAP"))
    await shop.deliver(order)
    before = await shop.order()
    await shop.edit(before, SetQuantity(line_id(before, "TEE-RED"), 3))

    gone = later(order, line_items=[line_of(order, "CAP")])
    await shop.deliver(gone)
    assert await wanted(shop) == {"TEE-RED": 1, "CAP": 1}

    await shop.deliver(later(gone, line_items=order["line_items"]))
    assert await wanted(shop) == {"TEE-RED": 3, "CAP": 1}
    assert len((await shop.order()).lines) == 2


async def test_what_left_in_the_store_is_wanted_whatever_was_decided_here(shop: Shop) -> None:
    """Trap 16, after a parcel."""
    order = placed("#1047", item("TEE-RED", 3))
    await shop.deliver(order)
    before = await shop.order()
    await shop.edit(before, SetQuantity(line_id(before, "TEE-RED"), 0))

    await shop.deliver(fulfilled(order, "TEE-RED", 2))

    assert await wanted(shop) == {"TEE-RED": 2}
    assert (await shop.order()).status is FulfillmentStatus.NOTHING_TO_SHIP


async def test_an_edit_that_is_taken_back_leaves_none(shop: Shop) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 2)))
    before = await shop.order()
    tee = before.lines[0].id
    edit = await shop.edit(before, SetQuantity(tee, 5), SwapSku(tee, "MUG"), AddLine("CAP", 1, ""))

    after = await shop.edit(edit, SetQuantity(tee, 2), SwapSku(tee, "TEE-RED"), SetQuantity(line_id(edit, "CAP"), 0))

    assert after.lines == before.lines
    assert await wanted(shop) == {"TEE-RED": 2}


async def test_a_sku_that_no_item_has_waits_for_its_item(shop: Shop) -> None:
    """Trap 14."""
    await shop.deliver(placed("#1047", item("TEE-RED", 2)))
    before = await shop.order()

    after = await shop.edit(before, SwapSku(before.lines[0].id, "SCARF"))
    assert (after.status, after.short_reason) == (FulfillmentStatus.SHORT, "no item has the SKU SCARF")

    scarf = await shop.item("SCARF")
    assert (await shop.order()).lines[0].item_id == scarf


async def test_the_order_is_found_by_what_is_sent(shop: Shop) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 2)))
    before = await shop.order()

    await shop.edit(before, SwapSku(before.lines[0].id, "TEE-BLUE"))

    terms = {row.term for row in await shop.rows("SELECT term FROM order_terms")}
    assert "tee-blue" in terms
    assert "tee-red" not in terms


async def edit(served: ServedOrders, shop: Shop, *changes: wire.LineChange, order_id: str = "", etag: str = "") -> None:
    request = wire.EditOrderRequest(
        order_id=order_id or str((await shop.order()).id), changes=changes, reason="they called", etag=etag
    )
    await served.call(served.orders.EditOrder, request, shop.organization)


def quantity(of: UUID, units: int) -> wire.LineChange:
    return wire.LineChange(set_quantity=wire.SetQuantity(line_id=str(of), quantity=units))


async def test_over_the_wire(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed("#1047", item("TEE-RED", 2)))
    before = await shop.order()
    tee_id = str(before.lines[0].id)
    request = wire.EditOrderRequest(
        order_id=str(before.id),
        changes=[
            quantity(before.lines[0].id, 3),
            wire.LineChange(swap_sku=wire.SwapSku(line_id=tee_id, sku="TEE-BLUE")),
            wire.LineChange(add_line=wire.AddLine(sku="CAP", quantity=1, title="A cap")),
        ],
        etag="1",
    )

    answer = await served_orders.call(served_orders.orders.EditOrder, request, shop.organization)

    tee, cap = answer.order.lines
    assert (tee.sku, tee.store_sku, tee.wanted, tee.store_wanted, tee.edited) == ("TEE-BLUE", "TEE-RED", 3, 2, True)
    assert (cap.sku, cap.title, cap.wanted, cap.ordered) == ("CAP", "A cap", 1, 0)


async def test_refusals(served_orders: ServedOrders, shop: Shop) -> None:
    card = item("CARD", gift_card=True)
    order = placed("#1047", item("TEE-RED", 3), card)
    await shop.deliver(order, fulfilled(order, "TEE-RED", 2))
    tee, gift = (await shop.order()).lines
    swaps = [wire.LineChange(swap_sku=wire.SwapSku(line_id=str(line.id), sku="MUG")) for line in (tee, gift)]

    with refused("LINE_FULFILLED") as refusal:
        await edit(served_orders, shop, quantity(tee.id, 1))
    assert refusal.error.facts == {"line_id": str(tee.id), "fulfilled": "2"}
    with refused("LINE_FULFILLED"):
        await edit(served_orders, shop, swaps[0])
    with refused("LINE_NOT_STOCKED"):
        await edit(served_orders, shop, swaps[1])
    with refused("LINE_NOT_FOUND"):
        await edit(served_orders, shop, quantity(uuid4(), 1))
    with refused("CHANGED_MEANWHILE"):
        await edit(served_orders, shop, quantity(tee.id, 4), etag="1")
    with refused("ORDER_NOT_FOUND"):
        await edit(served_orders, shop, quantity(tee.id, 4), order_id=str(uuid4()))
    assert (await shop.order()).lines == (tee, gift)


async def test_a_cancelled_order_is_edited_no_more(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed())
    order = await shop.order()
    await shop.cancel(order)

    with refused("ORDER_CANCELLED"):
        await edit(served_orders, shop, quantity(order.lines[0].id, 1))


@pytest.mark.parametrize("permission", ["orders.read", "orders.create"])
async def test_it_needs_its_permission(served_orders: ServedOrders, shop: Shop, permission: str) -> None:
    request = wire.EditOrderRequest(order_id=str(uuid4()), changes=[quantity(uuid4(), 1)])

    with refused("NOT_PERMITTED"):
        await served_orders.call(served_orders.orders.EditOrder, request, shop.organization, permission)


async def test_another_organisations_order_is_not_found_and_stays(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    stranger = await open_shop(shop.database)
    await stranger.deliver(placed())
    before = await stranger.order()

    with refused("ORDER_NOT_FOUND"):
        await edit(served_orders, shop, quantity(before.lines[0].id, 7), order_id=str(before.id))

    assert await stranger.order() == before
