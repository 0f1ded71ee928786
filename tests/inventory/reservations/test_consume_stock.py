"""ConsumeStock."""

from uuid import UUID, uuid4

from inventory.stock.level import Balance
from rappit.inventory.v1.reservations_pb2 import (
    DEMAND_STATE_CLOSED,
    DEMAND_STATE_RESERVED,
    ConsumedLine,
    ConsumeStockRequest,
    Demand,
    ReleaseStockRequest,
)
from tests.given.refusals import refused
from tests.given.stock import Stockroom, line, want
from tests.inventory.conftest import Person


async def consume(person: Person, demand: UUID, key: str | None = None, **lines: int) -> Demand:
    """Units of lines leave; all that is reserved where no line is named."""
    consumed = [ConsumedLine(line_id=line_id, quantity=units) for line_id, units in lines.items()]
    request = ConsumeStockRequest(demand_id=str(demand), lines=consumed)
    answer: Demand = (await person.call(person.reservations.ConsumeStock, request, key)).demand
    return answer


async def test_on_hand_falls_by_what_left(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    demand = uuid4()
    await room.wish(demand, want(mug, 3, line_id="a"))
    part = await consume(person, demand, a=1)
    assert (part.state, part.lines[0].reserved, part.lines[0].consumed) == (DEMAND_STATE_RESERVED, 2, 1)
    assert await room.balance(mug) == Balance(on_hand=4, reserved=2)
    rest = await consume(person, demand)

    assert (rest.state, rest.lines[0].reserved, rest.lines[0].consumed) == (DEMAND_STATE_CLOSED, 0, 3)
    assert await room.balance(mug) == Balance(on_hand=2)
    assert await room.kinds(mug) == ["ADJUSTED", "RESERVED", "CONSUMED", "CONSUMED"]
    assert (await room.told(demand))[-1].demand_closed.lines[0].consumed == 3
    await room.check_books()


async def test_one_key_takes_once(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    demand, key = uuid4(), str(uuid4())
    await room.wish(demand, want(mug, 3, line_id="a"))
    first = await consume(person, demand, key, a=1)

    assert await consume(person, demand, key, a=1) == first
    assert await room.balance(mug) == Balance(on_hand=4, reserved=2)


async def test_a_reservation_ends_once_whatever_ends_it(person: Person, room: Stockroom) -> None:
    """Trap 22: release after consume, consume after release."""
    mug = await room.item(units=9)
    consumed, released = uuid4(), uuid4()
    await room.wish(consumed, want(mug, 3))
    await consume(person, consumed)
    await person.call(person.reservations.ReleaseStock, ReleaseStockRequest(demand_id=str(consumed)))
    assert await room.balance(mug) == Balance(on_hand=6)
    await room.wish(released, want(mug, 2))
    await person.call(person.reservations.ReleaseStock, ReleaseStockRequest(demand_id=str(released)))
    with refused("DEMAND_CLOSED"):
        await consume(person, released)

    assert await room.balance(mug) == Balance(on_hand=6)
    await room.check_books()


async def test_no_more_than_is_reserved_can_leave(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    demand = uuid4()
    await room.wish(demand, want(mug, 2, line_id="a"))
    with refused("CONSUME_EXCEEDS_RESERVED") as too_many:
        await consume(person, demand, a=3)
    with refused("CONSUME_EXCEEDS_RESERVED") as unknown:
        await consume(person, demand, a=1, b=1)

    assert too_many.error.facts == {"line_id": "a", "reserved": "2"}
    assert unknown.error.facts == {"line_id": "b", "reserved": "0"}
    assert await room.balance(mug) == Balance(on_hand=5, reserved=2)


async def test_what_is_refused(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    mug = await room.item(units=5)
    order = await room.order(line(mug, 1))
    demand = uuid4()
    await room.wish(demand, want(mug, 3))
    with refused("DEMAND_OWNED_BY_ORDERS"):
        await consume(person, order)
    with refused("DEMAND_NOT_FOUND"):
        await consume(person, uuid4())
    with refused("DEMAND_NOT_FOUND"):
        await consume(stranger, demand)
    twice = [ConsumedLine(line_id="1", quantity=1)] * 2
    with refused("INVALID_REQUEST"):
        await person.call(person.reservations.ConsumeStock, ConsumeStockRequest(demand_id=str(demand), lines=twice))

    assert await room.balance(mug) == Balance(on_hand=5, reserved=4)
