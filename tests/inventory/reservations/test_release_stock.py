"""ReleaseStock."""

from uuid import uuid4

from inventory.stock.level import Balance
from rappit.inventory.v1.reservations_pb2 import (
    DEMAND_STATE_CLOSED,
    ReleaseStockRequest,
    ReserveStockRequest,
    WantedLine,
)
from tests.given.refusals import refused
from tests.given.stock import Stockroom, line, want
from tests.inventory.conftest import Person


async def test_what_is_held_is_given_back_and_the_demand_ends(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    demand = uuid4()
    await room.wish(demand, want(mug, 3))
    answer = (await person.call(person.reservations.ReleaseStock, ReleaseStockRequest(demand_id=str(demand)))).demand

    assert (answer.state, answer.version, answer.revision) == (DEMAND_STATE_CLOSED, 1, 2)
    assert (answer.lines[0].wanted, answer.lines[0].reserved) == (3, 0)
    assert await room.balance(mug) == Balance(on_hand=5)
    assert [event.WhichOneof("event") for event in await room.told(demand)] == ["demand_reserved", "demand_closed"]
    await room.check_books()


async def test_released_twice_gives_back_once(person: Person, room: Stockroom) -> None:
    """Trap 22."""
    mug = await room.item(units=5)
    demand = uuid4()
    await room.wish(demand, want(mug, 3))
    request = ReleaseStockRequest(demand_id=str(demand))
    first = await person.call(person.reservations.ReleaseStock, request)
    again = await person.call(person.reservations.ReleaseStock, request)

    assert again == first
    assert await room.kinds(mug) == ["ADJUSTED", "RESERVED", "RELEASED"]
    assert len(await room.told(demand)) == 2


async def test_after_the_release_the_id_is_used_up(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    demand = uuid4()
    await room.wish(demand, want(mug, 3))
    await person.call(person.reservations.ReleaseStock, ReleaseStockRequest(demand_id=str(demand)))
    lines = [WantedLine(line_id="1", item_id=str(mug), quantity=3)]
    again = ReserveStockRequest(demand_id=str(demand), version=2, lines=lines)
    with refused("DEMAND_CLOSED") as caught:
        await person.call(person.reservations.ReserveStock, again)
    assert caught.error.facts == {"demand_id": str(demand)}


async def test_what_is_refused(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    mug = await room.item(units=5)
    order = await room.order(line(mug, 1))
    demand = uuid4()
    await room.wish(demand, want(mug, 3))
    with refused("DEMAND_OWNED_BY_ORDERS"):
        await person.call(person.reservations.ReleaseStock, ReleaseStockRequest(demand_id=str(order)))
    with refused("DEMAND_NOT_FOUND") as unknown:
        await person.call(person.reservations.ReleaseStock, ReleaseStockRequest(demand_id=str(uuid4())))
    with refused("DEMAND_NOT_FOUND") as foreign:
        await stranger.call(stranger.reservations.ReleaseStock, ReleaseStockRequest(demand_id=str(demand)))

    assert unknown.error.code == foreign.error.code
    assert await room.balance(mug) == Balance(on_hand=5, reserved=4)
