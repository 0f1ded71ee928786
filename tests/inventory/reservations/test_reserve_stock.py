"""ReserveStock, and the batch that everything enters."""

import asyncio
from uuid import UUID, uuid4

import pytest

from chassis.clock import SystemClock
from chassis.database.pool import Database
from chassis.errors import NotYet, Refusal, UnavailableForNow
from inventory.errors import InsufficientStock, ItemNotFound
from inventory.reservations.decision import Answer
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.wish import Asker, Wish
from inventory.stock.level import Balance
from rappit.inventory.v1.reservations_pb2 import (
    DEMAND_OWNER_API,
    DEMAND_STATE_RESERVED,
    ReserveStockRequest,
    ReserveStockResponse,
    WantedLine,
)
from tests.given.refusals import refused
from tests.given.stock import PERSON, Stockroom, line, want
from tests.inventory.conftest import Person


def asking(demand: UUID, *lines: tuple[UUID, int], version: int = 1) -> ReserveStockRequest:
    """A request; the lines are called 1, 2, 3."""
    wanted = [WantedLine(line_id=str(n), item_id=str(item), quantity=units) for n, (item, units) in enumerate(lines, 1)]
    return ReserveStockRequest(demand_id=str(demand), version=version, lines=wanted)


async def test_a_caller_reserves_for_an_id_of_its_own(person: Person, room: Stockroom) -> None:
    mug, pot = await room.item(units=5), await room.item(units=5)
    demand = uuid4()
    answer = (await person.call(person.reservations.ReserveStock, asking(demand, (mug, 2), (pot, 3)))).demand

    assert (answer.id, answer.owner, answer.state) == (str(demand), DEMAND_OWNER_API, DEMAND_STATE_RESERVED)
    assert (answer.version, answer.revision) == (1, 1)
    assert [(each.item_id, each.wanted, each.reserved) for each in answer.lines] == [(str(mug), 2, 2), (str(pot), 3, 3)]
    assert await room.balance(mug) == Balance(on_hand=5, reserved=2)
    (event,) = await room.told(demand)
    assert event.header.cause == "rappit.inventory.v1.ReservationService/ReserveStock"
    assert event.header.traceparent
    rows = await room.rows("SELECT actor, cause FROM ledger WHERE demand_id = %s AND item_id = %s", demand, mug)
    assert rows == [(f"user:{person.user}", f"demand {demand} version 1: MAIN is the first with all 2")]
    await room.check_books()


async def test_a_refusal_names_each_short_line_and_writes_nothing(person: Person, room: Stockroom) -> None:
    mug, pot, lid = await room.item(units=1), await room.item(units=5), await room.item()
    demand = uuid4()
    with refused("INSUFFICIENT_STOCK") as caught:
        await person.call(person.reservations.ReserveStock, asking(demand, (mug, 3), (pot, 2), (lid, 1)))

    assert caught.error.facts == {
        "line:1": f"item {mug} wanted 3 available 1",
        "line:3": f"item {lid} wanted 1 available 0",
    }
    assert await room.rows("SELECT FROM demands") == []
    assert await room.rows("SELECT FROM waiting") == []
    assert await room.told(demand) == []
    assert await room.balance(pot) == Balance(on_hand=5)


async def test_the_same_version_holds_once_and_a_higher_one_moves(person: Person, room: Stockroom) -> None:
    """Trap 22."""
    mug = await room.item(units=5)
    demand = uuid4()
    first = await person.call(person.reservations.ReserveStock, asking(demand, (mug, 2)))
    again = await person.call(person.reservations.ReserveStock, asking(demand, (mug, 2)))
    assert again == first
    higher = await person.call(person.reservations.ReserveStock, asking(demand, (mug, 4), version=2))
    lower = await person.call(person.reservations.ReserveStock, asking(demand, (mug, 1)))
    assert lower == higher
    assert await room.balance(mug) == Balance(on_hand=5, reserved=4)
    fewer = await person.call(person.reservations.ReserveStock, asking(demand, (mug, 1), version=3))
    assert (fewer.demand.lines[0].reserved, fewer.demand.revision) == (1, 3)
    await room.check_books()


async def test_an_increase_that_cannot_be_had_leaves_what_is_reserved(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    demand = uuid4()
    await person.call(person.reservations.ReserveStock, asking(demand, (mug, 4)))
    with refused("INSUFFICIENT_STOCK") as caught:
        await person.call(person.reservations.ReserveStock, asking(demand, (mug, 6), version=2))

    assert caught.error.facts == {"line:1": f"item {mug} wanted 2 available 1"}
    status = await room.demand(demand)
    assert (status.demand.version, status.lines[0].reserved) == (1, 4)


async def test_one_key_is_one_reservation_and_its_answer_the_same(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    request, key = asking(uuid4(), (mug, 2)), str(uuid4())
    answers = await asyncio.gather(
        *(person.call(person.reservations.ReserveStock, request, key) for _ in range(5)), return_exceptions=True
    )
    again = await person.call(person.reservations.ReserveStock, request, key)

    answered = [answer for answer in answers if isinstance(answer, ReserveStockResponse)]
    assert answered
    assert all(answer == again for answer in answered)
    in_flight = [answer for answer in answers if isinstance(answer, Refusal)]
    assert {refusal.reason for refusal in in_flight} <= {"IDEMPOTENCY_KEY_IN_FLIGHT"}
    assert len(answered) + len(in_flight) == 5
    with refused("IDEMPOTENCY_KEY_REUSED"):
        await person.call(person.reservations.ReserveStock, asking(uuid4(), (mug, 1)), key)
    assert await room.balance(mug) == Balance(on_hand=5, reserved=2)


async def test_calls_of_one_batch_go_on_with_a_trace_each(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=50)
    demands = [uuid4() for _ in range(20)]
    calls = [person.call(person.reservations.ReserveStock, asking(demand, (mug, 1))) for demand in demands]
    await asyncio.gather(*calls)

    traces = {(await room.told(demand))[0].header.traceparent.split("-")[1] for demand in demands}
    assert len(traces) == len(demands)


async def test_a_key_whose_call_was_refused_is_free(person: Person, room: Stockroom) -> None:
    mug = await room.item()
    request, key = asking(uuid4(), (mug, 2)), str(uuid4())
    with refused("INSUFFICIENT_STOCK"):
        await person.call(person.reservations.ReserveStock, request, key)
    await room.adjust(mug, 2)

    answer = await person.call(person.reservations.ReserveStock, request, key)
    assert answer.demand.state == DEMAND_STATE_RESERVED


async def test_what_is_refused_and_why(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    order = await room.order(line(mug, 1))
    gone = uuid4()
    with refused("DEMAND_OWNED_BY_ORDERS") as owned:
        await person.call(person.reservations.ReserveStock, asking(order, (mug, 1), version=9))
    with refused("ITEM_NOT_FOUND") as missing:
        await person.call(person.reservations.ReserveStock, asking(uuid4(), (mug, 1), (gone, 1)))

    assert owned.error.facts == {"demand_id": str(order)}
    assert missing.error.facts == {"item_id": str(gone)}
    assert len(await room.rows("SELECT FROM demands")) == 1
    assert await room.balance(mug) == Balance(on_hand=5, reserved=1)


async def test_a_line_that_is_named_twice_is_refused(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=5)
    request = asking(uuid4(), (mug, 1), (mug, 1))
    request.lines[1].line_id = "1"
    with refused("INVALID_REQUEST") as caught:
        await person.call(person.reservations.ReserveStock, request)

    assert [violation.field for violation in caught.error.violations] == ["lines[1].line_id"]


async def test_another_organizations_item_is_not_found(person: Person, stranger: Person, room: Stockroom) -> None:
    """Trap 2."""
    mug = await room.item(units=5)
    with refused("ITEM_NOT_FOUND"):
        await stranger.call(stranger.reservations.ReserveStock, asking(uuid4(), (mug, 1)))


async def test_before_inventory_knows_the_organization_the_caller_is_to_repeat(inventory: Database) -> None:
    with pytest.raises(UnavailableForNow) as caught:
        async with inventory.transaction(uuid4()) as tx:
            await reserve_stock(tx, SystemClock(), [Wish(uuid4(), want(uuid4(), 1), Asker(PERSON, "test"))])
    assert isinstance(caught.value, NotYet)
    assert caught.value.reason == "UNAVAILABLE_FOR_NOW"


async def test_a_refused_wish_does_not_disturb_its_batch(room: Stockroom) -> None:
    mug = await room.item(units=3)
    demands = [uuid4() for _ in range(5)]
    asks = [want(mug, 2), want(mug, 2), want(uuid4(), 1), want(mug, 1), want(mug, 1, version=2)]
    # The last one asks for more of the first, in the same batch.
    demands[4] = demands[0]
    asks[4] = want(mug, 1, version=2)
    wishes = [Wish(demand, ask, Asker(PERSON, "test")) for demand, ask in zip(demands, asks, strict=True)]
    async with room.database.transaction(room.organization) as tx:
        outcomes = await reserve_stock(tx, room.clock, wishes)

    assert [type(outcome) for outcome in outcomes] == [Answer, InsufficientStock, ItemNotFound, Answer, Answer]
    assert await room.balance(mug) == Balance(on_hand=3, reserved=2)
    found = await room.rows("SELECT id, version, revision FROM demands ORDER BY id")
    assert sorted(found) == sorted([(demands[0], 2, 2), (demands[3], 1, 1)])
    await room.check_books()
