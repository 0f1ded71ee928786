"""The sweep: who was missed is found within a minute."""

import pytest

from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from inventory.reservations.demand import State
from inventory.reservations.waiting import sql
from inventory.reservations.waiting.sweep_waiting import sweep_waiting
from tests.given.stock import Stockroom, line, make_stockroom


async def test_the_sweep_finds_who_was_missed(room: Stockroom, inventory: Database, lease: Lease) -> None:
    mug = await room.item()
    order = await room.order(line(mug, 2))
    await room.adjust(mug, 2)
    async with inventory.transaction(room.organization) as tx:
        await tx.execute("DELETE FROM wakes")
    await room.serve()
    assert (await room.demand(order)).state is State.SHORT
    await sweep_waiting(inventory, lease)
    await room.serve()

    assert (await room.demand(order)).state is State.RESERVED


async def test_what_fails_in_one_organization_is_looked_through_in_the_next(
    inventory: Database, lease: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    rooms = [await make_stockroom(inventory) for _ in range(3)]
    for each in rooms:
        mug = await each.item()
        await each.order(line(mug, 2))
        await each.adjust(mug, 2)
        async with inventory.transaction(each.organization) as tx:
            await tx.execute("DELETE FROM wakes")
    looks = sql.sweep

    async def fails_in_the_second(tx: Transaction) -> int:
        if tx.organization == rooms[1].organization:
            raise RuntimeError("planted")
        return await looks(tx)

    monkeypatch.setattr(sql, "sweep", fails_in_the_second)
    await sweep_waiting(inventory, lease)

    assert [len(await each.rows("SELECT FROM wakes")) for each in rooms] == [1, 0, 1]


async def test_the_sweep_leaves_no_word_where_nobody_can_be_served(
    room: Stockroom, inventory: Database, lease: Lease
) -> None:
    mug = await room.item(units=1)
    await room.order(line(mug, 2))
    await sweep_waiting(inventory, lease)

    assert await room.rows("SELECT FROM wakes") == []
