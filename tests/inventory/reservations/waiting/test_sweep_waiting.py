"""The sweep: who was missed is found within a minute."""

from chassis.database.leases import Lease
from chassis.database.pool import Database
from inventory.reservations.demand import State
from inventory.reservations.waiting.sweep_waiting import sweep_waiting
from tests.given.stock import Stockroom, line


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


async def test_the_sweep_leaves_no_word_where_nobody_can_be_served(
    room: Stockroom, inventory: Database, lease: Lease
) -> None:
    mug = await room.item(units=1)
    await room.order(line(mug, 2))
    await sweep_waiting(inventory, lease)

    assert await room.rows("SELECT FROM wakes") == []
