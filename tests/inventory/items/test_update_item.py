"""UpdateItem."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

from inventory.items.update_item import ItemUpdate, update_item
from inventory.reservations.demand import State
from inventory.reservations.on_orders import on_orders
from inventory.reservations.waiting.sql import sweep
from inventory.stock.level import Balance
from rappit.inventory.v1.events_pb2 import ItemEvent
from rappit.inventory.v1.item_details_pb2 import ItemDetails
from rappit.inventory.v1.items_pb2 import GetItemRequest, Item, UpdateItemRequest
from rappit.types.v1.money_pb2 import Money
from tests.given.locks import waits_for
from tests.given.refusals import refused
from tests.given.stock import Ordered, Stockroom, line
from tests.inventory.conftest import Person


async def update(person: Person, item: UUID, **fields: Any) -> Item:
    """Somebody changes an item."""
    changed: Item = (await person.call(person.items.UpdateItem, UpdateItemRequest(item_id=str(item), **fields))).item
    return changed


async def test_what_is_named_changes_and_the_others_are_told(person: Person, room: Stockroom) -> None:
    mug = await room.item(sku="MUG")
    changed = await update(person, mug, name="كوب أزرق", safety_stock=3, reorder_point=10)
    again = await update(person, mug, barcode="6281000000014")

    assert (changed.name, changed.safety_stock, changed.reorder_point, changed.etag) == ("كوب أزرق", 3, 10, "2")
    assert (again.name, again.barcode, again.etag) == ("كوب أزرق", "6281000000014", "3")
    assert (await person.call(person.items.GetItem, GetItemRequest(item_id=str(mug)))).item == again
    told = [ItemEvent.FromString(row.payload) for row in await room.rows("SELECT payload FROM outbox ORDER BY seq")]
    assert [(event.header.aggregate_version, event.item_changed.name) for event in told[-2:]] == [
        (2, "كوب أزرق"),
        (3, "كوب أزرق"),
    ]


async def test_of_details_too_what_is_named_changes_and_only_that(person: Person, room: Stockroom) -> None:
    mug = await room.item()
    cost = Money(minor_units=4125, currency="KWD")
    first = await update(person, mug, details=ItemDetails(category="Mugs", weight_grams=350, unit_cost=cost))
    second = await update(person, mug, details=ItemDetails(category="", hs_code="691110"))
    third = await update(person, mug, details=ItemDetails(hs_code="691110"))

    assert (first.details.category, first.details.weight_grams, first.etag) == ("Mugs", 350, "2")
    assert (second.details.category, second.details.weight_grams, second.details.hs_code) == ("", 350, "691110")
    assert second.details.unit_cost == cost
    assert (third, third.etag) == (second, "3")


async def test_whoever_saw_an_older_item_is_told_so(person: Person, room: Stockroom) -> None:
    mug = await room.item()
    await update(person, mug, name="Blue", etag="1")
    with refused("CHANGED_MEANWHILE") as caught:
        await update(person, mug, name="Red", etag="1")

    assert caught.error.facts == {"etag": "2"}
    assert (await update(person, mug, name="Blue", etag="2")).etag == "2"


async def test_safety_stock_is_held_back_from_new_reservations(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=3)
    far = await room.warehouse("FAR")
    await room.adjust(mug, 2, far)
    await update(person, mug, safety_stock=3)
    short, served = await room.order(line(mug, 3)), await room.order(line(mug, 2))
    assert [(await room.demand(each)).state for each in (short, served)] == [State.SHORT, State.RESERVED]
    # More held back than there is takes nothing from anybody.
    await update(person, mug, safety_stock=9)
    assert (await room.demand(served)).state is State.RESERVED
    # Nobody wakes for what is held back, and less of it wakes who waits.
    await room.adjust(mug, 1)
    await room.serve()
    await room.order(line(mug, 4))
    async with room.database.transaction(room.organization) as tx:
        assert await sweep(tx) == 0
    assert await room.rows("SELECT FROM wakes") == []
    assert (await room.demand(short)).state is State.SHORT
    await update(person, mug, safety_stock=1)
    await room.serve()
    assert (await room.demand(short)).state is State.RESERVED
    assert await room.balance(mug) == Balance(on_hand=4, reserved=4)
    await room.check_books()


async def test_less_safety_stock_while_an_order_turns_short_serves_it(person: Person, room: Stockroom) -> None:
    """Trap 45."""
    mug = await room.item(units=2)
    await update(person, mug, safety_stock=1)
    order = room.clock.new_id()

    async def hold_nothing_back() -> None:
        async with room.database.transaction(room.organization) as tx:
            await update_item(tx, room.clock, ItemUpdate(mug, safety_stock=0), "test")

    async with room.database.transaction(room.organization) as tx:
        await on_orders(room.clock, tx, [room.message(tx, Ordered(order, 1, [line(mug, 2)]))])
        changing = asyncio.create_task(hold_nothing_back())
        await waits_for(room.database, tx.info.backend_pid)
    await changing
    await room.serve()

    assert (await room.demand(order)).state is State.RESERVED


async def test_what_is_not_ours_is_not_found(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    mug = await room.item()
    with refused("ITEM_NOT_FOUND"):
        await update(stranger, mug, name="Mine")
    with refused("ITEM_NOT_FOUND"):
        await update(person, uuid4(), name="Nobody's")
    with refused("INVALID_REQUEST"):
        await update(person, mug, name="")

    assert [row.name for row in await room.rows("SELECT name FROM items")] == ["Mug"]
