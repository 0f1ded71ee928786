"""The time of a checkout is up: what it held is given back, once, by the server's time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.clock import SystemClock
from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from inventory.errors import DemandExpired
from inventory.reservations.demand import State
from inventory.reservations.ending.release_expired import release_expired
from inventory.reservations.wish import Consume, Release
from inventory.stock.level import Balance
from rappit.inventory.v1.reservations_pb2 import ConsumeStockRequest, ReserveStockRequest, WantedLine
from tests.given.refusals import refused
from tests.given.stock import Ordered, Stockroom, line, make_stockroom, want
from tests.inventory.conftest import Person

TTL = timedelta(minutes=10)


async def pass_time(room: Stockroom, demand: UUID, time: timedelta = TTL) -> None:
    """So much of the server's time passes for a demand."""
    await room.rows("UPDATE demands SET expire_time = expire_time - %s WHERE id = %s RETURNING id", time, demand)


async def test_a_checkout_is_released_when_its_time_is_up(room: Stockroom, inventory: Database, lease: Lease) -> None:
    """Trap 41: not before, and the event says why. Who waits for the units has them."""
    mug = await room.item(units=2)
    checkout = uuid4()
    await room.wish(checkout, want(mug, 2, ttl=TTL))
    order = await room.order(line(mug, 1))
    await release_expired(inventory, room.clock, lease)
    assert (await room.demand(checkout)).state is State.RESERVED
    await pass_time(room, checkout)
    await release_expired(inventory, room.clock, lease)
    await release_expired(inventory, room.clock, lease)

    ended = (await room.demand(checkout)).demand
    assert (ended.closed, ended.expired) == (True, True)
    events = await room.told(checkout)
    assert [event.WhichOneof("event") for event in events] == ["demand_reserved", "demand_closed"]
    assert events[-1].demand_closed.expired
    await room.serve()
    assert (await room.demand(order)).state is State.RESERVED
    assert await room.kinds(mug) == ["ADJUSTED", "RESERVED", "RELEASED", "RESERVED"]
    (cause,) = await room.rows("SELECT cause FROM ledger WHERE kind = 'RELEASED'")
    assert cause.cause == f"demand {checkout} version 1: its time was up"
    await room.check_books()


async def test_what_is_over_is_neither_consumed_nor_reserved_again(room: Stockroom) -> None:
    """Trap 41: by type, before and after the job came."""
    mug = await room.item(units=2)
    checkout = uuid4()
    await room.wish(checkout, want(mug, 2, ttl=TTL))
    await pass_time(room, checkout)
    for _ in range(2):
        for ask in (Consume(), want(mug, 2, version=2, ttl=TTL), want(mug, 2)):
            with pytest.raises(DemandExpired):
                await room.wish(checkout, ask)
        await room.wish(checkout, Release())
        await room.rows("UPDATE demands SET expired = true WHERE id = %s RETURNING id", checkout)

    assert await room.balance(mug) == Balance(on_hand=2)
    await room.check_books()


async def test_a_higher_version_sets_the_time_anew(room: Stockroom, inventory: Database, lease: Lease) -> None:
    mug = await room.item(units=2)
    longer, for_good = uuid4(), uuid4()
    for checkout, ttl in ((longer, TTL), (for_good, None)):
        await room.wish(checkout, want(mug, 1, ttl=TTL))
        await pass_time(room, checkout, TTL - timedelta(minutes=1))
        await room.wish(checkout, want(mug, 1, version=2, ttl=ttl))
    now = datetime.now(UTC)
    assert (await room.demand(for_good)).demand.expire_time is None
    time = (await room.demand(longer)).demand.expire_time
    assert time is not None
    assert abs(time - now - TTL) < timedelta(minutes=1)
    await pass_time(room, longer, timedelta(minutes=2))
    await release_expired(inventory, room.clock, lease)

    assert await room.balance(mug) == Balance(on_hand=2, reserved=2)


async def test_an_order_takes_over_a_checkout_and_does_not_expire(
    room: Stockroom, inventory: Database, lease: Lease
) -> None:
    """Trap 41: payment arriving after that reserves again, or says SHORT."""
    mug = await room.item(units=1)
    in_time, late = room.clock.new_id(), room.clock.new_id()
    await room.wish(late, want(mug, 1, ttl=TTL))
    await pass_time(room, late)
    await release_expired(inventory, room.clock, lease)
    await room.wish(in_time, want(mug, 1, ttl=TTL))
    await room.hear(Ordered(in_time, 1, [line(mug, 1)]), Ordered(late, 1, [line(mug, 1)]))

    assert (await room.demand(in_time)).demand.expire_time is None
    assert [(await room.demand(each)).state for each in (in_time, late)] == [State.RESERVED, State.SHORT]
    assert not (await room.demand(late)).demand.expired
    await room.check_books()


@dataclass
class Jumped(SystemClock):
    """The clock of a process whose machine has the wrong time."""

    by: timedelta

    def now(self) -> datetime:
        return super().now() + self.by


@pytest.mark.parametrize("days", [-2, 2])
async def test_a_clock_that_jumps_ends_nothing_early_and_nothing_late(
    inventory: Database, lease: Lease, days: int
) -> None:
    """Trap 38: only the database's time counts."""
    room = await make_stockroom(inventory)
    mug = await room.item(units=2)
    room.clock = Jumped(timedelta(days=days))
    stays, ends = uuid4(), uuid4()
    for checkout in (stays, ends):
        await room.wish(checkout, want(mug, 1, ttl=TTL))
    await pass_time(room, ends)
    with pytest.raises(DemandExpired):
        await room.wish(ends, Consume())
    await release_expired(inventory, room.clock, lease)

    assert [(await room.demand(each)).state for each in (stays, ends)] == [State.RESERVED, State.CLOSED]
    await room.wish(stays, Consume())


async def test_a_worker_that_lost_its_lease_releases_nothing(
    room: Stockroom, inventory: Database, lease: Lease
) -> None:
    """Trap 46."""
    mug = await room.item(units=1)
    checkout = uuid4()
    await room.wish(checkout, want(mug, 1, ttl=TTL))
    await pass_time(room, checkout)
    with pytest.raises(LeaseLost):
        await release_expired(inventory, room.clock, Lease(lease.name, lease.epoch - 1, 0.0))

    assert await room.balance(mug) == Balance(on_hand=1, reserved=1)


async def test_callers_hold_for_a_time_and_are_told_when_it_was_up(person: Person, room: Stockroom) -> None:
    mug = await room.item(units=1)
    demand = str(uuid4())

    def reserve(**ttl: Any) -> ReserveStockRequest:
        lines = [WantedLine(line_id="1", item_id=str(mug), quantity=1)]
        request = ReserveStockRequest(demand_id=demand, version=1, lines=lines)
        request.ttl.FromTimedelta(timedelta(**ttl))
        return request

    for too_much in ({"seconds": 0}, {"hours": 24, "seconds": 1}):
        with refused("INVALID_REQUEST"):
            await person.call(person.reservations.ReserveStock, reserve(**too_much))
    held = (await person.call(person.reservations.ReserveStock, reserve(minutes=10))).demand
    assert held.expire_time.ToDatetime(UTC) - datetime.now(UTC) < TTL
    await pass_time(room, UUID(demand))
    with refused("DEMAND_EXPIRED") as caught:
        await person.call(person.reservations.ConsumeStock, ConsumeStockRequest(demand_id=demand))

    assert caught.error.facts == {"demand_id": demand}
