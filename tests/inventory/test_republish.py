"""Telling again what is, for receivers that missed or lost it."""

from uuid import uuid4

import pytest

from inventory import republish as module
from inventory.republish import republish
from inventory.reservations import batch
from inventory.reservations.republish_demands import republish_demands
from rappit.inventory.v1.events_pb2 import ItemEvent, StockEvent
from tests.given.stock import Stockroom, line


async def told(room: Stockroom, topic: str) -> list[str]:
    """Ids that were told of on a topic."""
    statement = "SELECT aggregateid FROM outbox WHERE aggregatetype = %s ORDER BY seq"
    return [row.aggregateid for row in await room.rows(statement, topic)]


async def test_every_item_and_demand_is_told_again(room: Stockroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    mug = await room.item(units=3)
    items = [mug, *[await room.item() for _ in range(4)]]
    orders = [await room.order(line(mug, 1)) for _ in range(5)]
    assert await republish(room.database, room.clock, room.organization) == 10

    assert (await told(room, ItemEvent.DESCRIPTOR.full_name))[5:] == [str(item) for item in items]
    assert (await told(room, StockEvent.DESCRIPTOR.full_name))[5:] == [str(order) for order in orders]
    for order in orders:
        first, again = await room.told(order)
        assert (first.header.aggregate_version, again.header.aggregate_version) == (1, 2)
        assert (again.order_version, again.header.cause) == (1, "republish")
        assert (again.demand_reserved, again.demand_short) == (first.demand_reserved, first.demand_short)
    assert await room.kinds(mug) == ["ADJUSTED", "RESERVED", "RESERVED", "RESERVED"]


async def test_a_transaction_takes_on_no_more_lines_than_it_can(
    room: Stockroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "MOST_LINES", 5)
    mug = await room.item(units=12)
    orders = [await room.order(*[line(mug, 1, str(n)) for n in range(4)]) for _ in range(3)]
    async with room.database.transaction(room.organization) as tx:
        assert await republish_demands(tx, room.clock, only=None, after=None, limit=100) == orders[:1]
    assert await republish(room.database, room.clock, room.organization) == 4

    assert [len(await room.told(order)) for order in orders] == [3, 2, 2]


async def test_one_item_or_one_demand_is_told_again_alone(room: Stockroom) -> None:
    mug, pot = await room.item(units=3), await room.item()
    order, other = await room.order(line(mug, 1)), await room.order(line(mug, 1))

    assert await republish(room.database, room.clock, room.organization, pot) == 1
    assert await republish(room.database, room.clock, room.organization, order) == 1
    assert (await told(room, ItemEvent.DESCRIPTOR.full_name))[2:] == [str(pot)]
    assert (await told(room, StockEvent.DESCRIPTOR.full_name))[2:] == [str(order)]
    assert len(await room.told(other)) == 1


async def test_what_is_another_organizations_is_not_told(room: Stockroom) -> None:
    mug = await room.item(units=3)
    await room.order(line(mug, 1))

    assert await republish(room.database, room.clock, uuid4()) == 0
    assert await republish(room.database, room.clock, uuid4(), mug) == 0
