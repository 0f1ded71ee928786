"""Histories nobody would think of: the books stay right after each step, and batches change nothing but the speed."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from hypothesis import HealthCheck, example, given, settings

from chassis.database.pool import Database
from chassis.errors import Refusal
from inventory.errors import AdjustmentBelowReserved, ConditionHasFewer
from inventory.reservations.demand import ANYWHERE, Owner, State
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.wish import Asker, Consume, Release, Want, WantedLine, Wish
from inventory.stock.change_condition import change_condition
from inventory.stock.change_level import Change
from inventory.stock.fact import Condition
from inventory.stock.set_count import set_count
from inventory.warehouses.close_warehouse import close_warehouse
from inventory.warehouses.get_sourcing import get_sourcing
from inventory.warehouses.list_warehouses import list_warehouses
from inventory.warehouses.open_warehouse import open_warehouse
from inventory.warehouses.set_sourcing import set_sourcing
from inventory.warehouses.sourcing import Rule, Sourcing
from tests.given.stock import PERSON, Stockroom, make_stockroom
from tests.given.stock_histories import (
    CALLERS,
    ITEMS,
    LINES,
    ORDERS,
    WITHOUT,
    Adjusts,
    CallerReleases,
    CallerWants,
    Chooses,
    Counts,
    Damages,
    OrderWants,
    Serves,
    Turns,
    histories,
)


@dataclass
class Historian:
    """Plays a history in one organisation. `left` is what has left of each line, less what came back."""

    room: Stockroom
    items: list[UUID]
    places: list[UUID]
    left: dict[tuple[int, str], dict[int, int]] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)

    async def play(self, step: Any, *, together: bool) -> None:
        match step:
            case Adjusts():
                await self._adjust(step)
            case Turns():
                async with self.room.database.transaction(self.room.organization) as tx:
                    turn = open_warehouse if step.is_open else close_warehouse
                    await turn(tx, self.places[step.place])
            case Chooses():
                async with self.room.database.transaction(self.room.organization) as tx:
                    await set_sourcing(tx, Sourcing(step.rule, step.take_partly), "")
            case Counts() | Damages():
                await self._learn(step)
            case Serves():
                await self.room.serve()
            case _:
                asked = [self._wish(each) for each in step]
                for batch in [asked] if together else [[each] for each in asked]:
                    await self._reserve(batch)
        await self.room.check_books()

    async def _adjust(self, step: Adjusts) -> None:
        with suppress(AdjustmentBelowReserved):
            await self.room.adjust(self.items[step.item], step.delta, self.places[step.place])

    async def _learn(self, step: Counts | Damages) -> None:
        """A fact, which is never refused; only what was never damaged is not repaired."""
        change = Change(self.items[step.item], self.places[step.place], PERSON, "test")
        async with self.room.database.transaction(self.room.organization) as tx:
            if isinstance(step, Counts):
                await set_count(tx, self.room.clock, change, step.units)
                return
            source, target = Condition.SELLABLE, Condition.DAMAGED
            if step.back:
                source, target = target, source
            with suppress(*[ConditionHasFewer] if step.back else []):
                await change_condition(tx, self.room.clock, change, source=source, target=target, units=step.units)

    async def _reserve(self, batch: Sequence[Wish]) -> None:
        async with self.room.database.transaction(self.room.organization) as tx:
            outcomes = await reserve_stock(tx, self.room.clock, batch)
        for wish, outcome in zip(batch, outcomes, strict=True):
            by_order = isinstance(wish.ask, Want) and wish.ask.owner is Owner.ORDERS
            assert not (by_order and isinstance(outcome, Refusal)), outcome

    def _wish(self, step: Any) -> Wish:
        match step:
            case OrderWants():
                return self._order_wants(step)
            case CallerWants():
                demand = self.id_of("caller", step.caller)
                lines = tuple(self._line(name, units) for name, units in step.lines.items())
                return self._asks(demand, Want(Owner.API, self._version(demand, step.step), lines))
            case CallerReleases():
                return self._asks(self.id_of("caller", step.caller), Release())
            case _:
                return self._asks(self.id_of("caller", step.caller), Consume())

    def _order_wants(self, step: OrderWants) -> Wish:
        order = self.id_of("order", step.order)
        for name, (place, units) in step.left.items():
            so_far = self.left.setdefault((step.order, name), {})
            if name in step.lines and step.step > 0:
                so_far[place] = max(0, so_far.get(place, 0) + units)
        lines = tuple(self._line(name, units, step) for name, units in step.lines.items())
        return self._asks(order, Want(Owner.ORDERS, self._version(order, step.step), lines, step.cancelled))

    def _line(self, name: str, units: int, step: OrderWants | None = None) -> WantedLine:
        item = self.items[LINES[name]]
        if step is None:
            return WantedLine(name, item, units)
        so_far = self.left.get((step.order, name), {})
        fulfilled = tuple((None if n == WITHOUT else self.places[n], there) for n, there in sorted(so_far.items()))
        return WantedLine(name, item, units, fulfilled, min(step.claimed, units))

    def _version(self, demand: UUID, step: int) -> int:
        version = max(1, self.versions.get(demand, 0) + step)
        self.versions[demand] = max(version, self.versions.get(demand, 0))
        return version

    def _asks(self, demand: UUID, ask: Any) -> Wish:
        return Wish(demand, ask, Asker(PERSON, "test"))

    def id_of(self, kind: str, number: int) -> UUID:
        return uuid5(self.room.organization, f"{kind} {number}")

    async def result(self) -> list[object]:
        """All that is to be seen, without ids and times."""
        names = {place: n for n, place in enumerate(self.places)} | {item: n for n, item in enumerate(self.items)}
        found: list[object] = []
        for kind, many in (("order", ORDERS), ("caller", CALLERS)):
            for number in range(many):
                if await self.room.rows("SELECT FROM demands WHERE id = %s", self.id_of(kind, number)):
                    status = await self.room.demand(self.id_of(kind, number))
                    lines = [
                        (
                            each.line_id,
                            each.reserved,
                            each.consumed,
                            [(names[place.warehouse_id], place.units) for place in each.reserved_at],
                        )
                        for each in status.lines
                    ]
                    short = [(each.line_id, each.missing, each.reason) for each in status.short_lines]
                    demand = status.demand
                    found.append((kind, number, demand.version, demand.revision, status.state, lines, short))
        found.extend([await self.room.balance(item, place) for item in self.items for place in self.places])
        kinds = await self.room.rows(
            "SELECT kind, item_id, warehouse_id FROM ledger ORDER BY item_id, warehouse_id, position"
        )
        found.extend((row.kind, names[row.item_id], names[row.warehouse_id]) for row in kinds)
        return found

    async def check_the_end(self) -> None:
        """When the worker is done, nobody waits for what is there, and everybody was told what they hold."""
        await self.room.serve()
        await self.room.check_books()
        in_vain = """
            SELECT FROM waiting JOIN (
                SELECT item_id, coalesce(warehouse_id, %s) AS warehouse_id,
                    sum(on_hand - reserved - damaged - quarantined) AS available
                FROM levels JOIN warehouses ON warehouses.id = warehouse_id WHERE open
                GROUP BY GROUPING SETS ((item_id), (item_id, warehouse_id))
            ) AS there USING (item_id, warehouse_id) WHERE units <= available"""
        assert await self.room.rows(in_vain, ANYWHERE) == []
        for_nothing = """
            SELECT FROM waiting JOIN warehouses ON warehouses.id = warehouse_id
            WHERE NOT open AND EXISTS (SELECT FROM warehouses WHERE open)"""
        assert await self.room.rows(for_nothing) == []
        await self._check_that_no_warehouse_has_what_an_order_waits_for()
        for row in await self.room.rows("SELECT id FROM demands"):
            status = await self.room.demand(row.id)
            waits = await self.room.rows("SELECT FROM waiting WHERE demand_id = %s", row.id)
            assert bool(waits) is (status.state is State.SHORT)
            told = await self.room.told(row.id)
            assert [event.header.aggregate_version for event in told] == list(range(1, len(told) + 1))
            last = getattr(told[-1], told[-1].WhichOneof("event") or "")
            assert told[-1].order_version == status.demand.version
            assert [(each.line_id, each.reserved, each.consumed) for each in last.lines] == [
                (each.line_id, each.reserved, each.consumed) for each in status.lines
            ]
            if not status.demand.closed and not any(each.reserved or each.consumed for each in status.lines):
                # Whole or nothing: then nothing, although some of it may be there.
                assert status.state is State.SHORT

    async def _check_that_no_warehouse_has_what_an_order_waits_for(self) -> None:
        """Whoever holds nothing and wants all from one warehouse."""
        async with self.room.database.transaction(self.room.organization) as tx:
            if (await get_sourcing(tx)).rule is not Rule.ONLY_FROM_ONE:
                return
            open_places = [each.id for each in await list_warehouses(tx) if each.open]
        there = {
            (item, place): (await self.room.balance(item, place)).available
            for item in self.items
            for place in open_places
        }
        for row in await self.room.rows("SELECT id FROM demands WHERE NOT closed"):
            lines = (await self.room.demand(row.id)).lines
            if any(line.reserved for line in lines):
                continue
            needs: Counter[UUID] = Counter()
            for line in lines:
                needs[line.item_id] += max(0, line.wanted - line.consumed)
            for place in open_places:
                assert not all(there[item, place] >= units for item, units in needs.items())


async def new_historian(inventory: Database) -> Historian:
    room = await make_stockroom(inventory)
    items = [await room.item(units=3) for _ in range(ITEMS)]
    return Historian(room, items, [room.main, await room.warehouse("FAR")])


@given(histories)
@example([[OrderWants(0, 1, {"a": 2, "b": 2}, {}), OrderWants(1, 1, {"a": 1}, {})], Adjusts(0, 1, 2), Serves()])
@example([[OrderWants(0, 1, {"a": 3}, {}), OrderWants(1, 1, {"a": 1}, {"a": (0, 2)}), OrderWants(0, 1, {"a": 1}, {})]])
@example(
    [
        Chooses(Rule.ONLY_FROM_ONE, take_partly=False),
        [OrderWants(0, 1, {"a": 3, "c": 3}, {}), OrderWants(1, 1, {"a": 2, "c": 1}, {})],
        Adjusts(1, 1, 4),
        Adjusts(0, 1, 4),
        [OrderWants(2, 1, {"a": 1}, {})],
        Serves(),
    ]
)
@example(
    [
        [OrderWants(0, 1, {"a": 3}, {"a": (WITHOUT, 3)})],
        [OrderWants(1, 1, {"a": 3}, {})],
        [OrderWants(0, 1, {"a": 0}, {"a": (WITHOUT, -3)}, cancelled=True), OrderWants(2, 1, {"a": 3}, {})],
    ]
)
@example(
    [
        Chooses(Rule.ONLY_FROM_ONE, take_partly=False),
        [OrderWants(0, 1, {"a": 2}, {})],
        [OrderWants(0, 1, {"a": 2, "c": 4}, {})],
        Adjusts(1, 1, 5),
        Serves(),
        Turns(0, is_open=False),
    ]
)
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
async def test_batches_and_single_steps_lead_to_the_same_books(inventory: Database, history: list[Any]) -> None:
    """Traps 21, 22, 23, 43, 44 and 45 in every order."""
    together, alone = await new_historian(inventory), await new_historian(inventory)
    for step in history:
        await together.play(step, together=True)
        await alone.play(step, together=False)
    assert await together.result() == await alone.result()
    await together.check_the_end()
    await alone.check_the_end()
