"""GetDemand."""

from uuid import UUID, uuid4

from chassis.rpc.client import Peer
from rappit.inventory.v1.reservations_pb2 import (
    DEMAND_OWNER_API,
    DEMAND_OWNER_ORDERS,
    DEMAND_STATE_RESERVED,
    DEMAND_STATE_SHORT,
    Demand,
    GetDemandRequest,
)
from tests.given.refusals import refused
from tests.given.stock import Ordered, Stockroom, line, want
from tests.inventory.conftest import Person


async def get(person: Person, demand: UUID) -> Demand:
    found: Demand = (await person.call(person.reservations.GetDemand, GetDemandRequest(demand_id=str(demand)))).demand
    return found


async def test_a_demand_is_shown_with_where_its_units_are(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=1)
    far = await room.warehouse("FAR")
    await room.adjust(mug, 3, far)
    order = await room.order(line(mug, 4, "a"))
    await room.hear(Ordered(order, 2, [line(mug, 4, "a", left={far: 1})]))
    shown = await get(person, order)

    assert (shown.owner, shown.state) == (DEMAND_OWNER_ORDERS, DEMAND_STATE_RESERVED)
    assert (shown.version, shown.revision) == (2, 2)
    (only,) = shown.lines
    assert (only.line_id, only.item_id, only.wanted, only.reserved, only.consumed) == ("a", str(mug), 4, 3, 1)
    assert [(place.warehouse_id, place.quantity) for place in only.reserved_at] == [(str(room.main), 1), (str(far), 2)]


async def test_a_demand_that_waits_is_short(person: Person, room: Stockroom) -> None:
    mug = await room.item()
    assert (await get(person, await room.order(line(mug, 1)))).state == DEMAND_STATE_SHORT


async def test_orders_may_ask_too(peer: Peer, person: Person, room: Stockroom) -> None:
    mug = await room.item(units=1)
    demand = uuid4()
    await room.wish(demand, want(mug, 1))
    answer = await peer.call(
        person.reservations.GetDemand, GetDemandRequest(demand_id=str(demand)), organization=room.organization
    )

    assert answer.demand.owner == DEMAND_OWNER_API


async def test_a_demand_that_is_not_there_or_not_ours_is_not_found(
    person: Person, stranger: Person, room: Stockroom
) -> None:
    """Trap 2."""
    mug = await room.item(units=1)
    order = await room.order(line(mug, 1))
    with refused("DEMAND_NOT_FOUND") as unknown:
        await get(person, uuid4())
    with refused("DEMAND_NOT_FOUND") as foreign:
        await get(stranger, order)

    assert (unknown.error.code, unknown.error.message) == (foreign.error.code, foreign.error.message)
    assert foreign.error.facts == {"demand_id": str(order)}
