"""Each fault that the figures are to show, planted into the databases."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from chassis.database.pool import Database
from laptop.databases import ServiceDatabase
from laptop.postgres import Postgres
from laptop.proof.acknowledged import UNDER_WAY, Acknowledged
from laptop.proof.figures import Proof
from laptop.proof.read_proof import Doors, ProofReader, Unreadable
from tests.given.postgres import DatabaseOf
from tests.given.shop import open_shop
from tests.given.shopify_orders import body, placed
from tests.given.stock import make_stockroom

LONG_AGO = 2 * UNDER_WAY


@dataclass
class World:
    """Two organisations, each with 10 MUGs of which an order reserved 3; and the order #1047 of a store."""

    server: Postgres
    databases: dict[str, ServiceDatabase]
    shop: str
    digest: str

    def administrator(self, service: str) -> psycopg.Connection:
        """One whom neither policies nor triggers bind."""
        url = self.server.url(database=self.databases[service].name)
        return psycopg.connect(url, autocommit=True, options="-c session_replication_role=replica")

    @contextmanager
    def planted(self, service: str, fault: str, cure: str) -> Iterator[None]:
        """A fault, as long as the block lasts."""
        with self.administrator(service) as administrator:
            administrator.execute(fault.encode())
            yield
            administrator.execute(cure.encode())

    def answered(self, order: str, topic: str, *, digest: str = "", ago: timedelta = timedelta()) -> Acknowledged:
        """The store was answered 200 for a delivery, of those bytes that are there unless others are named."""
        acknowledged = Acknowledged()
        time = (datetime.now(UTC) - ago).isoformat()
        said = {"shop": self.shop, "order": order, "topic": topic, "sha256": digest or self.digest}
        acknowledged.hear({"event": "delivery sent", "status": 200, "time": time, **said})
        return acknowledged

    def reader(self, acknowledged: Acknowledged | None = None) -> ProofReader:
        """Who looks at the databases."""
        doors = Doors(
            self.server.url(database=self.databases["inventory"].name),
            self.server.url(database=self.databases["orders"].name),
            {service: database.service for service, database in self.databases.items()},
        )
        return ProofReader(doors, acknowledged or Acknowledged())

    async def look(self, acknowledged: Acknowledged | None = None) -> Proof:
        """What is seen at once."""
        reader = self.reader(acknowledged)
        seen = await reader.read()
        await reader.close()
        return seen


@asynccontextmanager
async def opened(service: str, database: ServiceDatabase) -> AsyncIterator[Database]:
    served = await Database.open(database.service, database.finder, service=service, size=2)
    yield served
    await served.close()


@pytest.fixture(scope="module")
async def world(postgres: Postgres, fresh_service_database: DatabaseOf) -> World:
    databases = {service: fresh_service_database(service) for service in ("identity", "orders", "inventory")}
    async with opened("inventory", databases["inventory"]) as inventory:
        for _ in range(2):
            room = await make_stockroom(inventory)
            await room.order(units_of=await room.item(10, sku="MUG"), units=3)
    async with opened("orders", databases["orders"]) as orders:
        shop = await open_shop(orders)
        order = placed("#1047")
        await shop.deliver(order, topic="orders/create")
    world = World(postgres, databases, shop.store.shop, hashlib.sha256(body(order)).hexdigest())
    with world.administrator("orders") as administrator:
        administrator.execute("UPDATE deliveries SET receive_time = now() - %s", (2 * LONG_AGO,))
    return world


async def test_where_all_is_well_nothing_is_found_in_what_was_looked_at(world: World) -> None:
    reader = world.reader(world.answered("#1047", "orders/create", ago=LONG_AGO))
    for seen in [await reader.read() for _ in range(3)]:
        assert seen.faults == frozenset()
        assert (seen.levels, seen.reservations, seen.acknowledged) == (2, 2, 1)
        # Warehouse, item, level, ledger, demand, reservation ... of one organisation alone.
        assert 5 < seen.rows_seen < 20
    await reader.close()


async def test_of_two_that_came_at_once_and_are_the_same_the_later_one_may_be_kept(world: World) -> None:
    at_once, long_before = (2 * LONG_AGO + timedelta(seconds=seconds) for seconds in (3, 30))
    assert (await world.look(world.answered("#1047", "orders/create", ago=at_once))).missing == 0
    assert (await world.look(world.answered("#1047", "orders/create", ago=long_before))).missing == 1


@pytest.mark.parametrize(
    ("fault", "cure"),
    [
        (
            "UPDATE reservations SET quantity = 4; UPDATE demands SET lines = jsonb_set(lines, '{0,wanted}', '4')",
            "UPDATE reservations SET quantity = 3; UPDATE demands SET lines = jsonb_set(lines, '{0,wanted}', '3')",
        ),
        (
            "ALTER TABLE levels DROP CONSTRAINT levels_no_unit_twice; UPDATE levels SET on_hand = 2",
            "UPDATE levels SET on_hand = 10",
        ),
        (
            """
            DROP INDEX reservations_one_active;
            INSERT INTO reservations
                (organization_id, demand_id, line_id, item_id, warehouse_id, quantity, consumed, released)
            SELECT organization_id, demand_id, line_id, item_id, warehouse_id, 3, 0, 0 FROM reservations;
            UPDATE demands SET lines = jsonb_set(lines, '{0,wanted}', '6');
            UPDATE levels SET reserved = 6
            """,
            """
            DELETE FROM reservations AS one USING reservations AS other
            WHERE one.demand_id = other.demand_id AND one.id > other.id;
            UPDATE demands SET lines = jsonb_set(lines, '{0,wanted}', '3');
            UPDATE levels SET reserved = 3
            """,
        ),
        (
            "UPDATE reservations SET quantity = 4; UPDATE levels SET reserved = 4",
            "UPDATE reservations SET quantity = 3; UPDATE levels SET reserved = 3",
        ),
    ],
    ids=["more than the level knows", "more than is there", "one line twice in one warehouse", "more than is wanted"],
)
async def test_units_that_are_promised_twice_are_shown(world: World, fault: str, cure: str) -> None:
    with world.planted("inventory", fault, cure):
        assert (await world.look()).reserved_twice == 2
    assert (await world.look()).reserved_twice == 0


@pytest.mark.parametrize(
    ("fault", "cure"),
    [
        ("UPDATE levels SET on_hand = 11", "UPDATE levels SET on_hand = 10"),
        (
            "UPDATE ledger SET reserved_delta = reserved_delta + 1",
            "UPDATE ledger SET reserved_delta = reserved_delta - 1",
        ),
    ],
    ids=["the level", "the ledger"],
)
async def test_a_level_that_was_changed_without_its_ledger_or_the_other_way_is_shown(
    world: World, fault: str, cure: str
) -> None:
    reader = world.reader()
    await reader.read()
    with world.planted("inventory", fault, cure):
        # The last one's turn to be added up anew comes with the last look.
        assert [(await reader.read()).levels_unequal for _ in range(2)][-1] == 2
    await reader.close()


async def test_a_delivery_that_was_acknowledged_and_is_not_there_is_shown(world: World) -> None:
    other = hashlib.sha256(b"the same order, changed once more").hexdigest()
    lost = (("#1048", "orders/create", ""), ("#1047", "orders/cancelled", ""), ("#1047", "orders/create", other))
    for order, topic, digest in lost:
        under_way = await world.look(world.answered(order, topic, digest=digest))
        assert (under_way.acknowledged, under_way.missing) == (0, 0)
        overdue = await world.look(world.answered(order, topic, digest=digest, ago=LONG_AGO))
        assert (overdue.acknowledged, overdue.missing) == (1, 1)


@pytest.mark.parametrize(
    ("service", "fault", "cure"),
    [
        (
            "inventory",
            "ALTER TABLE ledger DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE ledger ENABLE ROW LEVEL SECURITY",
        ),
        ("orders", "CREATE POLICY leak ON orders TO orders_service USING (true)", "DROP POLICY leak ON orders"),
    ],
    ids=["no policy", "a policy too many"],
)
async def test_rows_that_another_organisation_sees_are_shown(world: World, service: str, fault: str, cure: str) -> None:
    with world.planted(service, fault, cure):
        assert (await world.look()).others_rows_seen > 0
    assert (await world.look()).others_rows_seen == 0


async def test_a_database_that_went_away_is_said_and_then_read_again(world: World) -> None:
    reader = world.reader()
    await reader.read()
    with world.administrator("inventory") as administrator:
        administrator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'proof'")
    with pytest.raises(Unreadable, match=r"terminat|closed"):
        await reader.read()
    assert (await reader.read()).levels == 2
    await reader.close()
