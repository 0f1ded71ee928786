"""CloseWarehouse."""

import asyncio
from uuid import uuid4

from inventory.errors import NoWarehouse
from inventory.reservations.demand import State
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.wish import Asker, Wish
from inventory.stock.level import Balance
from rappit.inventory.v1.reservations_pb2 import ReserveStockRequest, WantedLine
from rappit.inventory.v1.warehouses_pb2 import CloseWarehouseRequest
from tests.given.locks import waits_for
from tests.given.refusals import refused
from tests.given.stock import PERSON, Ordered, Stockroom, line, want
from tests.inventory.conftest import Person


async def test_nothing_more_is_reserved_there_and_what_is_reserved_stays(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    far = await room.warehouse("FAR")
    await room.adjust(mug, 2, far)
    before = await room.order(line(mug, 3))
    closed = await person.call(person.warehouses.CloseWarehouse, CloseWarehouseRequest(warehouse_id=str(room.main)))
    after = await room.order(line(mug, 1))

    assert (closed.warehouse.id, closed.warehouse.open) == (str(room.main), False)
    assert await room.balance(mug) == Balance(on_hand=5, reserved=3)
    assert (await room.demand(after)).lines[0].reserved_at[0].warehouse_id == far
    # What is reserved in a closed warehouse still leaves from there, or goes back.
    await room.hear(Ordered(before, 2, [line(mug, 2, left={None: 1})]))
    assert await room.balance(mug) == Balance(on_hand=4, reserved=1)


async def test_closed_twice_is_closed(person: Person, room: Stockroom) -> None:
    request = CloseWarehouseRequest(warehouse_id=str(room.main))
    first = await person.call(person.warehouses.CloseWarehouse, request)

    assert await person.call(person.warehouses.CloseWarehouse, request) == first


async def test_with_every_warehouse_closed_a_caller_is_told_so(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    demand = uuid4()
    await room.wish(demand, want(mug, 3))
    await person.call(person.warehouses.CloseWarehouse, CloseWarehouseRequest(warehouse_id=str(room.main)))
    lines = [WantedLine(line_id="1", item_id=str(mug), quantity=1)]
    with refused("NO_WAREHOUSE"):
        await person.call(
            person.reservations.ReserveStock,
            ReserveStockRequest(demand_id=str(uuid4()), version=1, lines=lines),
        )
    # Less of it can always be had.
    fewer = ReserveStockRequest(demand_id=str(demand), version=2, lines=lines)
    assert (await person.call(person.reservations.ReserveStock, fewer)).demand.lines[0].reserved == 1


async def test_closing_waits_for_reservations_in_flight(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    request = CloseWarehouseRequest(warehouse_id=str(room.main))
    async with room.database.transaction(room.organization) as tx:
        await reserve_stock(tx, room.clock, [Wish(uuid4(), want(mug, 1), Asker(PERSON, "test"))])
        closing = asyncio.create_task(person.call(person.warehouses.CloseWarehouse, request))
        await waits_for(room.database, tx.info.backend_pid)
        assert not closing.done()
    await closing
    async with room.database.transaction(room.organization) as tx:
        (late,) = await reserve_stock(tx, room.clock, [Wish(uuid4(), want(mug, 1), Asker(PERSON, "test"))])

    assert isinstance(late, NoWarehouse)
    assert (await room.demand(await room.order(line(mug, 1)))).state is State.SHORT


async def test_a_warehouse_that_is_not_there_or_not_ours_is_not_found(
    person: Person, stranger: Person, room: Stockroom
) -> None:
    """Trap 2."""
    unknown = uuid4()
    with refused("WAREHOUSE_NOT_FOUND") as caught:
        await person.call(person.warehouses.CloseWarehouse, CloseWarehouseRequest(warehouse_id=str(unknown)))
    with refused("WAREHOUSE_NOT_FOUND"):
        await stranger.call(stranger.warehouses.CloseWarehouse, CloseWarehouseRequest(warehouse_id=str(room.main)))

    assert caught.error.facts == {"warehouse_id": str(unknown)}
    assert (await room.rows("SELECT open FROM warehouses"))[0].open
