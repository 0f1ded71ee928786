"""SetSourcing."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from inventory.reservations.demand import State
from inventory.reservations.on_orders import on_orders
from inventory.warehouses.set_sourcing import set_sourcing
from inventory.warehouses.sourcing import Rule, Sourcing
from rappit.inventory.v1.sourcing_pb2 import (
    SOURCING_RULE_LINE_BY_LINE,
    SOURCING_RULE_UNSPECIFIED,
    SOURCING_RULE_WHOLE_FROM_ONE,
    GetSourcingRequest,
    SetSourcingRequest,
)
from rappit.inventory.v1.sourcing_pb2 import Sourcing as SourcingMessage
from tests.given.locks import waits_for
from tests.given.refusals import refused
from tests.given.stock import Ordered, Stockroom, line
from tests.inventory.conftest import Person

ONE = SOURCING_RULE_WHOLE_FROM_ONE


async def choose(person: Person, **fields: Any) -> SourcingMessage:
    """Somebody says how warehouses are chosen."""
    request = SetSourcingRequest(**{"rule": SOURCING_RULE_LINE_BY_LINE, **fields})
    chosen: SourcingMessage = (await person.call(person.warehouses.SetSourcing, request)).sourcing
    return chosen


async def taken(room: Stockroom, order: UUID) -> dict[str, list[tuple[str, int, str]]]:
    """Per line (code, units, why)."""
    lines = (await room.told(order))[-1].demand_reserved.lines
    return {
        each.line_id: [(place.warehouse_code, place.quantity, place.why) for place in each.reserved_at]
        for each in lines
    }


async def test_each_choice_is_explained_to_the_order(room: Stockroom) -> None:
    mug, pot, pan = [await room.item(units=units) for units in (5, 0, 1)]
    far = await room.warehouse("JEDDAH")
    await room.adjust(pot, 2, far)
    await room.adjust(pan, 2, far)
    order = await room.order(line(mug, 1, "mug"), line(pot, 2, "pot"), line(pan, 3, "pan"))

    split = "split, for no warehouse has all: MAIN had 1, JEDDAH had 2"
    assert await taken(room, order) == {
        "mug": [("MAIN", 1, "MAIN is the first with all 1")],
        "pot": [("JEDDAH", 2, "JEDDAH is the first with all 2: MAIN had 0")],
        "pan": [("MAIN", 1, split), ("JEDDAH", 2, split)],
    }


async def test_all_lines_come_from_one_warehouse_where_one_has_them_all(person: Person, room: Stockroom) -> None:
    mug, pot = await room.item(units=5), await room.item(units=0)
    far = await room.warehouse("JEDDAH")
    for item in (mug, pot):
        await room.adjust(item, 2, far)
    await choose(person, rule=ONE)
    whole = await room.order(line(mug, 1, "mug"), line(pot, 1, "pot"))
    # Nobody has both any more in these numbers: then line by line.
    apart = await room.order(line(mug, 2, "mug"), line(pot, 1, "pot"))

    assert await taken(room, whole) == {
        "mug": [("JEDDAH", 1, "JEDDAH is the first with all lines")],
        "pot": [("JEDDAH", 1, "JEDDAH is the first with all lines: MAIN had 0")],
    }
    assert [place[0][0] for place in (await taken(room, apart)).values()] == ["MAIN", "JEDDAH"]
    await room.check_books()


async def test_an_order_takes_what_is_there_where_it_may(person: Person, room: Stockroom) -> None:
    mug, pot = await room.item(units=1), await room.item()
    all_or_nothing = await room.order(line(mug, 1, "mug"), line(pot, 1, "pot"))
    await choose(person, take_partly=True)
    partly = await room.order(line(mug, 1, "mug"), line(pot, 1, "pot"))

    reserved = [[each.reserved for each in (await room.demand(order)).lines] for order in (all_or_nothing, partly)]
    assert reserved == [[0, 0], [1, 0]]
    await room.adjust(pot, 2)
    await room.adjust(mug, 1)
    await room.serve()
    assert [(await room.demand(order)).state for order in (all_or_nothing, partly)] == [State.RESERVED] * 2
    await room.check_books()


async def test_an_order_in_flight_is_served_by_the_old_policy_and_the_next_by_the_new(room: Stockroom) -> None:
    mug = await room.item(units=1)
    order = room.clock.new_id()

    async def change() -> None:
        async with room.database.transaction(room.organization) as tx:
            await set_sourcing(tx, Sourcing(Rule.WHOLE_FROM_ONE, take_partly=True), "")

    async with room.database.transaction(room.organization) as tx:
        await on_orders(room.clock, tx, [room.message(tx, Ordered(order, 1, [line(mug, 1)]))])
        changing = asyncio.create_task(change())
        await waits_for(room.database, tx.info.backend_pid)
    await changing
    assert [tuple(row) for row in await room.rows("SELECT sourcing, take_partly FROM organizations")] == [
        ("WHOLE_FROM_ONE", True)
    ]


async def test_whoever_saw_an_older_policy_is_told_so(person: Person) -> None:
    seen = (await person.call(person.warehouses.GetSourcing, GetSourcingRequest())).sourcing.etag
    await choose(person, rule=ONE, etag=seen)
    with refused("CHANGED_MEANWHILE"):
        await choose(person, take_partly=True, etag=seen)
    same = await choose(person, rule=ONE)

    assert (seen, same.etag) == ("1", "2")


@pytest.mark.parametrize("rule", [SOURCING_RULE_UNSPECIFIED, 9])
async def test_a_policy_that_says_nothing_is_refused(person: Person, rule: Any) -> None:
    with refused("INVALID_REQUEST"):
        await choose(person, rule=rule)
