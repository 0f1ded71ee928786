"""Read the figures: from the databases themselves, not from what the services say of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

import psycopg
from psycopg import sql

from laptop.environment import DATABASE_SERVICES
from laptop.proof import statements
from laptop.proof.acknowledged import Acknowledged, Key
from laptop.proof.figures import Proof
from laptop.proof.ledger_sums import LedgerSums, Look, Place, Units
from laptop.system import System

_NOBODY = UUID(int=0)

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class Unreadable(Exception):
    """A database gave no answer. Says why in one line."""


@dataclass(frozen=True)
class Doors:
    """Addresses of databases. inventory, orders: for one whom no policy binds. services: each as its own role."""

    inventory: str
    orders: str
    services: Mapping[str, str]

    @classmethod
    def of(cls, system: System) -> Self:
        """Those of a running system."""
        return cls(
            inventory=system.postgres.url(database="inventory"),
            orders=system.postgres.url(database="orders"),
            services={service: system.url(service) for service in DATABASE_SERVICES},
        )


async def read_proof(system: System, acknowledged: Acknowledged) -> Proof:
    """One look, for who needs no more. Raises Unreadable."""
    reader = ProofReader(Doors.of(system), acknowledged)
    try:
        return await reader.read()
    finally:
        await reader.close()


class ProofReader:
    """Looks again and again. Its connections stay open, can only read, and are made anew after a failure.

    `acknowledged` hears what stores were answered; what is added up of the ledger is kept from look to look.
    """

    def __init__(self, doors: Doors, acknowledged: Acknowledged) -> None:
        self._doors = doors
        self._acknowledged = acknowledged
        self._sums = LedgerSums()
        self._connections: dict[str, Connection] = {}
        self._tables: dict[str, Sequence[str]] = {}

    async def read(self) -> Proof:
        """All figures as they are now. Raises Unreadable."""
        try:
            return await self._read()
        except psycopg.Error as error:
            await self.close()
            raise Unreadable((str(error).strip() or type(error).__name__).splitlines()[0]) from error

    async def close(self) -> None:
        """Give the connections back."""
        while self._connections:
            _, connection = self._connections.popitem()
            await connection.close()

    async def _read(self) -> Proof:
        inventory = await self._connection(self._doors.inventory)
        reserved_twice, reservations = await _row(inventory, statements.RESERVED_TWICE)
        levels, unequal = await self._compare(inventory)
        await self._look_for_deliveries()
        smallest = await _rows(inventory, statements.SMALLEST_ORGANIZATIONS)
        # A lone organisation has no others whose rows it might see, and may have very many of its own.
        organization = smallest[0][0] if len(smallest) > 1 else _NOBODY
        seen = [await self._rows_seen(address, organization) for address in self._doors.services.values()]
        return Proof(
            reserved_twice=reserved_twice,
            reservations=reservations,
            levels=levels,
            levels_unequal=unequal,
            acknowledged=self._acknowledged.decided,
            missing=self._acknowledged.missing,
            rows_seen=sum(rows for rows, _ in seen),
            others_rows_seen=sum(others for _, others in seen),
        )

    async def _compare(self, inventory: Connection) -> tuple[int, int]:
        """How many levels there are, and how many of them are not the sum of their ledger."""
        positions = self._sums.positions()
        known = _columns(((*place, position) for place, position in positions.items()), 4)
        rows = await _rows(inventory, statements.LEVELS_AND_THEIR_LEDGER, known)
        looks = [Look(Place(*row[:3]), Units(*row[3:7]), row[7], Units(*row[8:])) for row in rows]
        return len(looks), self._sums.unequal(looks)

    async def _look_for_deliveries(self) -> None:
        asked = self._acknowledged.to_ask(datetime.now(UTC))
        if asked:
            orders = await self._connection(self._doors.orders)
            columns = _columns(((*each.key, each.since, each.time) for each in asked), 6)
            numbers = await _rows(orders, statements.DELIVERIES_FOUND, columns)
            found: set[Key] = {asked[number - 1].key for (number,) in numbers}
            self._acknowledged.answer(asked, found)

    async def _rows_seen(self, address: str, organization: UUID) -> tuple[int, int]:
        """Rows that the service's role sees in all its tenant tables as this organisation, and how many are not its."""
        connection = await self._connection(address)
        if address not in self._tables:
            self._tables[address] = [name for (name,) in await _rows(connection, statements.TENANT_TABLES)]
        counts = sql.SQL(" UNION ALL ").join(
            sql.SQL(statements.ROWS_SEEN).format(organization=sql.Literal(organization), table=sql.Identifier(table))
            for table in self._tables[address]
        )
        async with connection.transaction():
            await connection.execute("SELECT set_config('app.organization', %s, true)", (str(organization),))
            rows = await (await connection.execute(counts)).fetchall()
        return sum(row[0] for row in rows), sum(row[1] for row in rows)

    async def _connection(self, address: str) -> Connection:
        if address not in self._connections:
            self._connections[address] = await psycopg.AsyncConnection.connect(
                address,
                autocommit=True,
                connect_timeout=2,
                application_name="proof",
                options="-c default_transaction_read_only=on",
            )
        return self._connections[address]


async def _rows(connection: Connection, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement.encode(), values)).fetchall()


def _columns(rows: Iterable[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """So many lists, one for each column."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


async def _row(connection: Connection, statement: str) -> tuple[Any, ...]:
    (row,) = await _rows(connection, statement)
    return row
