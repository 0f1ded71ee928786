"""An organisation's stock: what is there, what orders want of it, and whether the books are right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.clock import Clock, SystemClock
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from chassis.errors import Refusal
from chassis.messaging.envelope import Message, new_header
from inventory.items.create_item import NewItem, create_item
from inventory.reservations.decision import Answer
from inventory.reservations.demand import Owner, Status
from inventory.reservations.get_demand import get_demand
from inventory.reservations.on_orders import on_orders
from inventory.reservations.reserve_stock import reserve_stock
from inventory.reservations.waiting.serve_waiting import serve_some
from inventory.reservations.wish import Ask, Asker, Want, WantedLine, Wish
from inventory.stock.adjust_stock import adjust_stock
from inventory.stock.change_level import Change
from inventory.stock.level import Balance, Mover
from inventory.warehouses.create_warehouse import NewWarehouse, create_warehouse
from inventory.warehouses.on_identity import on_identity
from inventory.warehouses.sql import default_warehouse
from rappit.identity.v1.events_pb2 import IdentityEvent, OrganizationCreated
from rappit.inventory.v1.events_pb2 import StockEvent
from rappit.orders.v1.events_pb2 import FulfilledAt, OrderChanged, OrderEvent, OrderEventLine

PERSON = Mover("user:0192f0c0-0000-7000-8000-000000000001")

# What no row of the database may ever show: each statement finds the rows that are wrong.
WRONG = {
    "a level is not the sum of its ledger": """
        SELECT item_id, warehouse_id FROM levels
        LEFT JOIN (
            SELECT item_id, warehouse_id, sum(on_hand_delta) AS on_hand, sum(reserved_delta) AS reserved,
                sum(damaged_delta) AS damaged, sum(quarantined_delta) AS quarantined
            FROM ledger GROUP BY item_id, warehouse_id
        ) AS sums USING (item_id, warehouse_id)
        WHERE levels.on_hand <> coalesce(sums.on_hand, 0) OR levels.reserved <> coalesce(sums.reserved, 0)
            OR levels.damaged <> coalesce(sums.damaged, 0) OR levels.quarantined <> coalesce(sums.quarantined, 0)""",
    "a level's reserved units are not those of its reservations": """
        SELECT item_id, warehouse_id FROM levels
        LEFT JOIN (
            SELECT item_id, warehouse_id, sum(quantity - consumed - released) AS reserved
            FROM reservations GROUP BY item_id, warehouse_id
        ) AS sums USING (item_id, warehouse_id)
        WHERE levels.reserved <> coalesce(sums.reserved, 0)""",
    "a row of the ledger does not follow from the one before": """
        SELECT * FROM (
            SELECT on_hand_after - on_hand_delta - lag(on_hand_after, 1, 0::bigint) OVER by_position AS on_hand_gap,
                reserved_after - reserved_delta - lag(reserved_after, 1, 0::bigint) OVER by_position AS reserved_gap
            FROM ledger WINDOW by_position AS (PARTITION BY item_id, warehouse_id ORDER BY position)
        ) AS gaps WHERE on_hand_gap <> 0 OR reserved_gap <> 0""",
    "a demand holds more than it wants, or waits although closed": """
        SELECT demands.id FROM demands
        CROSS JOIN LATERAL jsonb_to_recordset(lines) AS line (line_id text, wanted bigint)
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(quantity - consumed - released), 0) AS rest, coalesce(sum(consumed), 0) AS consumed
            FROM reservations WHERE demand_id = demands.id AND reservations.line_id = line.line_id
        ) AS held
        WHERE (rest > 0 AND (closed OR rest + consumed > wanted))
            OR (closed AND EXISTS (SELECT FROM waiting WHERE demand_id = demands.id))""",
}


@dataclass
class Stockroom:
    """One organisation in inventory's database, and the verbs of its stories. Quantities are units."""

    database: Database
    organization: UUID
    clock: Clock
    main: UUID

    async def item(self, units: int = 0, warehouse: UUID | None = None, sku: str = "") -> UUID:
        """A new item, with so many units on the shelf."""
        new = NewItem(sku=sku or f"SKU-{self.clock.new_id()}", name="Mug")
        async with self.database.transaction(self.organization) as tx:
            item = await create_item(tx, self.clock, new, "test")
        if units:
            await self.adjust(item.id, units, warehouse)
        return item.id

    async def warehouse(self, code: str, priority: int = 200) -> UUID:
        """A new warehouse; MAIN has priority 100."""
        async with self.database.transaction(self.organization) as tx:
            return (await create_warehouse(tx, self.clock, NewWarehouse(code, code.title(), priority))).id

    async def adjust(self, item: UUID, delta: int, warehouse: UUID | None = None) -> Balance:
        """Units come, or go."""
        async with self.database.transaction(self.organization) as tx:
            return (await adjust_stock(tx, self.clock, Change(item, warehouse, PERSON, "CORRECTION"), delta)).balance

    async def hear(self, *events: "Ordered") -> None:
        """Orders' events arrive, as one batch."""
        async with self.database.transaction(self.organization) as tx:
            await on_orders(self.clock, tx, [self.message(tx, event) for event in events])

    async def order(self, *lines: OrderEventLine, units_of: UUID | None = None, units: int = 1) -> UUID:
        """A new order arrives; of one line where only an item is given."""
        order = self.clock.new_id()
        await self.hear(Ordered(order, 1, lines or (line(units_of or UUID(int=0), units),)))
        return order

    async def wish(self, demand: UUID, ask: Ask) -> Answer:
        """A caller asks for something. Raises the refusal."""
        async with self.database.transaction(self.organization) as tx:
            (outcome,) = await reserve_stock(tx, self.clock, [Wish(demand, ask, Asker(PERSON, "test"))])
            if isinstance(outcome, Refusal):
                raise outcome
            return outcome

    async def serve(self) -> None:
        """The worker serves those who wait, until there is nothing to do."""
        for _ in range(100):
            async with self.database.transaction(self.organization) as tx:
                if not await serve_some(tx, self.clock):
                    return
        raise AssertionError("the worker finds work for ever")

    async def demand(self, demand: UUID) -> Status:
        """What a demand holds."""
        async with self.database.transaction(self.organization) as tx:
            return await get_demand(tx, demand)

    async def balance(self, item: UUID, warehouse: UUID | None = None) -> Balance:
        """What a level holds."""
        found = await self.rows(
            "SELECT on_hand, reserved, damaged, quarantined FROM levels WHERE item_id = %s AND warehouse_id = %s",
            item,
            warehouse or self.main,
        )
        return Balance(*found[0]) if found else Balance()

    async def told(self, demand: UUID) -> list[StockEvent]:
        """The events of a demand, in the order in which they were written."""
        found = await self.rows(
            "SELECT payload FROM outbox WHERE aggregateid = %s AND aggregatetype = %s ORDER BY seq",
            str(demand),
            StockEvent.DESCRIPTOR.full_name,
        )
        return [StockEvent.FromString(row.payload) for row in found]

    async def kinds(self, item: UUID) -> list[str]:
        """The kinds of movements in an item's ledger, in their order."""
        found = await self.rows("SELECT kind FROM ledger WHERE item_id = %s ORDER BY position", item)
        return [row.kind for row in found]

    async def check_books(self) -> None:
        """Levels, ledger, reservations and demands agree."""
        for says, statement in WRONG.items():
            assert await self.rows(statement) == [], says

    async def rows(self, statement: str, *values: object) -> Sequence[Any]:
        """What a statement gives, in the organisation's own transaction."""
        async with self.database.transaction(self.organization) as tx:
            return await (await tx.execute(statement.encode(), values)).fetchall()

    def message(self, tx: Transaction, ordered: "Ordered") -> Message[OrderEvent]:
        """The event as the consumer hands it over."""
        header = new_header(tx, self.clock, ordered.order, ordered.version, "test")
        changed = OrderChanged(lines=ordered.lines, cancelled=ordered.cancelled)
        return Message(
            OrderEvent(header=header, order_changed=changed),
            id=UUID(header.id),
            organization=self.organization,
            aggregate_id=header.aggregate_id,
            version=header.aggregate_version,
            time=self.clock.now(),
            cause=header.cause,
            traceparent="",
        )


@dataclass(frozen=True)
class Ordered:
    """An order's event: the whole wanted state of a version."""

    order: UUID
    version: int
    lines: Sequence[OrderEventLine] = ()
    cancelled: bool = False


def line(
    item: UUID, wanted: int, line_id: str = "1", left: Mapping[UUID | None, int] | None = None, claimed: int = 0
) -> OrderEventLine:
    """A line of an order. `left` is units that left, per warehouse; None where the store did not say."""
    fulfilled = [FulfilledAt(warehouse_id=str(place or ""), quantity=units) for place, units in (left or {}).items()]
    return OrderEventLine(line_id=line_id, item_id=str(item), wanted=wanted, fulfilled_at=fulfilled, claimed=claimed)


def want(item: UUID, units: int, version: int = 1, line_id: str = "1", ttl: timedelta | None = None) -> Want:
    """What a caller wants: one line."""
    return Want(Owner.API, version, (WantedLine(line_id, item, units),), ttl=ttl)


async def make_stockroom(database: Database, organization: UUID | None = None) -> Stockroom:
    """A new organisation signs up, and inventory hears of it."""
    clock = SystemClock()
    organization = organization or clock.new_id()
    async with database.transaction(organization) as tx:
        header = new_header(tx, clock, organization, 1, "test")
        message = Message(
            IdentityEvent(header=header, organization_created=OrganizationCreated()),
            id=UUID(header.id),
            organization=organization,
            aggregate_id=header.aggregate_id,
            version=1,
            time=clock.now(),
            cause=header.cause,
            traceparent="",
        )
        await on_identity(clock, tx, [message])
        main = await default_warehouse(tx)
    assert main is not None
    return Stockroom(database, organization, clock, main)
