"""AddNote: what people here write on an order, apart from the store's note."""

from uuid import uuid4

from rappit.orders.v1.notes_pb2 import AddNoteRequest
from rappit.orders.v1.order_pb2 import Order
from tests.given.log_lines import LogLines
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import later, placed


async def add(served: ServedOrders, shop: Shop, text: str, order_id: str = "") -> Order:
    request = AddNoteRequest(order_id=order_id or str((await shop.order()).id), text=text)
    order: Order = (await served.call(served.notes.AddNote, request, shop.organization)).order
    return order


async def test_notes_stand_in_their_order_beside_the_stores(
    served_orders: ServedOrders, shop: Shop, log_lines: LogLines
) -> None:
    order = placed(note="Ring twice")
    await shop.deliver(order)

    await add(served_orders, shop, "Huda called")
    found = await add(served_orders, shop, "She calls again")
    await shop.deliver(later(order, note="Ring once"))

    assert [(note.text, note.actor) for note in found.notes] == [
        ("Huda called", f"user:{served_orders.user}"),
        ("She calls again", f"user:{served_orders.user}"),
    ]
    assert (found.note, found.version, found.etag) == ("Ring twice", 1, "3")
    assert await shop.timeline(await shop.order()) == ["CREATED", "NOTE_ADDED", "NOTE_ADDED", "DETAILS_CHANGED"]
    assert len(await shop.rows("SELECT FROM order_notes")) == 2
    assert "Huda" not in log_lines.text
    assert not await shop.rows("SELECT FROM order_timeline WHERE message LIKE '%%Huda%%'")


async def test_another_organisations_order_is_not_found(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 2."""
    stranger = await open_shop(shop.database)
    await stranger.deliver(placed())

    for order_id in ((await stranger.order()).id, uuid4()):
        with refused("ORDER_NOT_FOUND"):
            await add(served_orders, shop, "Huda called", str(order_id))

    assert await stranger.rows("SELECT FROM order_notes") == []


async def test_it_needs_its_permission(served_orders: ServedOrders, shop: Shop) -> None:
    request = AddNoteRequest(order_id=str(uuid4()), text="x")
    with refused("NOT_PERMITTED"):
        await served_orders.call(served_orders.notes.AddNote, request, shop.organization, "orders.edit")
