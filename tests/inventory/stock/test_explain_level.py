"""ExplainLevel."""

from datetime import timedelta
from uuid import uuid4

from chassis.timestamps import timestamp
from rappit.inventory.v1.level_pb2 import MOVEMENT_KIND_ADJUSTED, MOVEMENT_KIND_CONSUMED, MOVEMENT_KIND_RESERVED
from rappit.inventory.v1.stock_pb2 import ExplainLevelRequest
from tests.given.refusals import refused
from tests.given.stock import PERSON, Ordered, Stockroom, line
from tests.inventory.conftest import Person


async def test_every_movement_is_told_and_they_add_up(person: Person, room: Stockroom) -> None:
    """Trap 27: page by page, latest first."""
    mug = await room.item(units=5)
    order = await room.order(line(mug, 3))
    await room.hear(Ordered(order, 2, [line(mug, 3, left={None: 2})]))
    entries, token = [], ""
    while True:
        request = ExplainLevelRequest(item_id=str(mug), page_size=1, page_token=token)
        answer = await person.call(person.stock.ExplainLevel, request)
        entries += answer.entries
        token = answer.next_page_token
        if not token:
            break

    kinds = [MOVEMENT_KIND_CONSUMED, MOVEMENT_KIND_RESERVED, MOVEMENT_KIND_ADJUSTED]
    assert [entry.kind for entry in entries] == kinds
    positions = [entry.position for entry in entries]
    assert positions == sorted(positions, reverse=True)
    left, reserved, came = entries
    assert (left.on_hand_delta, left.reserved_delta, left.on_hand_after, left.reserved_after) == (-2, -2, 3, 1)
    assert (left.demand_id, left.actor, left.cause) == (str(order), "service:orders", f"order {order} version 2: left")
    assert (reserved.reserved_delta, reserved.reserved_after, reserved.on_hand_after) == (3, 3, 5)
    assert (came.demand_id, came.actor, came.cause) == ("", PERSON.actor, "CORRECTION")
    level = answer.level
    assert (level.on_hand, level.reserved, level.available) == (3, 1, 2)
    assert sum(entry.on_hand_delta for entry in entries) == level.on_hand
    assert sum(entry.reserved_delta for entry in entries) == level.reserved


async def test_a_level_is_explained_as_it_was(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=47)
    then = room.clock.now()
    await room.adjust(mug, -7)
    request = ExplainLevelRequest(item_id=str(mug), as_of=timestamp(then))
    answer = await person.call(person.stock.ExplainLevel, request)

    assert (answer.level.on_hand, answer.level.available) == (47, 47)
    assert [(entry.on_hand_delta, entry.on_hand_after) for entry in answer.entries] == [(47, 47)]
    before = ExplainLevelRequest(item_id=str(mug), as_of=timestamp(then - timedelta(days=1)))
    answer = await person.call(person.stock.ExplainLevel, before)
    assert (answer.level.on_hand, answer.level.HasField("update_time"), len(answer.entries)) == (0, False, 0)


async def test_a_level_that_nothing_ever_moved_is_all_zero(person: Person, room: Stockroom) -> None:
    mug = await room.item(sku="MUG")
    answer = await person.call(person.stock.ExplainLevel, ExplainLevelRequest(item_id=str(mug)))

    assert (answer.level.sku, answer.level.warehouse_code, answer.level.on_hand) == ("MUG", "MAIN", 0)
    assert not answer.level.HasField("update_time")
    assert not answer.entries


async def test_what_is_not_there_or_not_ours_is_not_found(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    mug = await room.item(units=1)
    with refused("ITEM_NOT_FOUND"):
        await person.call(person.stock.ExplainLevel, ExplainLevelRequest(item_id=str(uuid4())))
    with refused("WAREHOUSE_NOT_FOUND"):
        request = ExplainLevelRequest(item_id=str(mug), warehouse_id=str(uuid4()))
        await person.call(person.stock.ExplainLevel, request)
    with refused("ITEM_NOT_FOUND"):
        await stranger.call(stranger.stock.ExplainLevel, ExplainLevelRequest(item_id=str(mug)))
