"""A service's two pools of connections, and the units of work that run on them.

Nothing is kept in a session: PgBouncer in transaction mode may stand between. BEGIN and the organisation travel in one
message, so that a unit of work is its own statements and two round trips.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol, Self, TypeAlias, TypeVar
from uuid import UUID

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row
from psycopg_pool import AsyncConnectionPool

from chassis.database import faults, idempotency
from chassis.database.start_check import check_role, check_schema
from chassis.database.transaction import Transaction
from chassis.errors import DeadlinePassed, IdempotencyKeyInFlight, UnavailableForNow
from chassis.rpc.context import Call

Connection: TypeAlias = "psycopg.AsyncConnection[Any]"
Pool: TypeAlias = "AsyncConnectionPool[Transaction]"
T = TypeVar("T")

# How long somebody waits for a connection before "unavailable", and a service for its database when it starts.
WAIT_SECONDS = 2.0
OPEN_SECONDS = 30.0
_FINDER_SIZE = 3

# Always two connections and more: what a restarted database left dead is dropped when it is begun on.
_SPARE_TRIES = 1


class Answer(Protocol):
    """A protobuf message that can be stored and read back."""

    def SerializeToString(self) -> bytes: ...  # noqa: N802

    @classmethod
    def FromString(cls, s: bytes, /) -> Self: ...  # noqa: N802


R = TypeVar("R", bound=Answer)


class Database:
    """What a service's database does for it.

    `outbox_written` and `lanes_written` are set after a commit that gave the relay or the lane worker something to do.
    """

    def __init__(self, service: str, pool: Pool, finders: Pool) -> None:
        self.service = service
        self.outbox_written = asyncio.Event()
        self.lanes_written = asyncio.Event()
        self._pool = pool
        self._finders = finders

    @classmethod
    async def open(cls, url: str, finder_url: str, *, service: str, size: int = 10) -> Self:
        """Connect, and refuse roles that policies do not bind or a schema older than this code."""
        pool, finders = _pool(url, f"{service}_service", size), _pool(finder_url, f"{service}_finder", _FINDER_SIZE)
        database = cls(service, pool, finders)
        try:
            for each in (pool, finders):
                await each.open(wait=True, timeout=OPEN_SECONDS)
                async with each.connection() as connection:
                    await check_role(connection)
            async with pool.connection() as connection:
                await check_schema(connection, service)
        except BaseException:
            await database.close()
            raise
        return database

    async def answers(self) -> None:
        """Return when the database answers. Raises what it raises when it does not."""
        async with self.directory() as tx:
            await tx.execute("SELECT")

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()
        await self._finders.close()

    @asynccontextmanager
    async def transaction(self, organization: UUID) -> AsyncIterator[Transaction]:
        """A transaction of one organisation: commits at the end, rolls back on any exception, repeats nothing."""
        async with self._unit(organization, _begin(organization)) as (tx, _):
            yield tx

    @asynccontextmanager
    async def directory(self) -> AsyncIterator[Transaction]:
        """A transaction without organisation: it sees directory tables, and no row of any other."""
        async with self._unit(None, "BEGIN") as (tx, _):
            yield tx

    @asynccontextmanager
    async def finder(self) -> AsyncIterator[Connection]:
        """A connection of the role that finds work across organisations; each statement is its own transaction."""
        async with self._finders.connection(WAIT_SECONDS) as connection:
            yield connection

    async def read(
        self, call: Call, effect: Callable[[Transaction], Awaitable[T]], *, organization: UUID | None = None
    ) -> T:
        """The unit of work of an RPC that only reads."""
        own = organization or call.organization

        async def once() -> T:
            async with self._unit(own, _begin(own, "READ ONLY"), _left(call)) as (tx, _):
                return await effect(tx)

        return await _repeated(call, once)

    async def write(self, call: Call, effect: Callable[[Transaction], Awaitable[T]], *, organization: UUID) -> T:
        """The unit of work of an RPC that changes something and takes no idempotency key, as signing in does."""

        async def once() -> T:
            async with self._unit(organization, _begin(organization), _left(call)) as (tx, _):
                return await effect(tx)

        return await _repeated(call, once)

    async def look_up(self, call: Call, effect: Callable[[Transaction], Awaitable[T]]) -> T:
        """A unit of work on directory tables alone, for an RPC whose organisation is not known yet."""

        async def once() -> T:
            async with self._unit(None, "BEGIN", _left(call)) as (tx, _):
                return await effect(tx)

        return await _repeated(call, once)

    async def answer_once(
        self,
        call: Call,
        response_type: type[R],
        effect: Callable[[Transaction], Awaitable[R]],
        *,
        organization: UUID | None = None,
    ) -> R:
        """The unit of work of an RPC that takes an idempotency key: its effect and its answer commit together, once.

        `organization` is for calls that belong to none yet. Refuses a key that is in flight, or another request's.
        """
        key = idempotency.key_of(call, organization)
        begin = f"{_begin(key.organization)}; SELECT pg_try_advisory_xact_lock({key.lock})"

        async def once() -> R:
            async with self._unit(key.organization, begin, _left(call)) as (tx, begun):
                if begun == (False,):
                    raise IdempotencyKeyInFlight(key.key)
                known = await idempotency.stored(tx, key)
                if known is not None:
                    return response_type.FromString(known)
                response = await effect(tx)
                await idempotency.store(tx, key, response.SerializeToString())
                return response

        return await _repeated(call, once)

    @asynccontextmanager
    async def _unit(
        self, organization: UUID | None, begin: str, wait: float = WAIT_SECONDS
    ) -> AsyncIterator[tuple[Transaction, tuple[Any, ...] | None]]:
        """A transaction, and the row that the last statement of `begin` gave."""
        tx, begun = await self._begun(begin, wait)
        tx.belong_to(organization)
        try:
            yield tx, begun
            await _commit(tx)
            for follow in tx.after_commit:
                follow()
        except BaseException:
            await _roll_back(tx)
            raise
        finally:
            await self._pool.putconn(tx)
        if tx.events_written:
            self.outbox_written.set()
        if tx.wrote_lanes:
            self.lanes_written.set()

    async def _begun(self, begin: str, wait: float) -> tuple[Transaction, tuple[Any, ...] | None]:
        """A connection on which `begin` ran. Connections that turn out to be dead are dropped: nothing was done yet."""
        for tries_left in range(self._pool.max_size + _SPARE_TRIES, -1, -1):
            tx = await self._pool.getconn(wait)
            try:
                cursor = await tx.execute(begin.encode())
                while cursor.nextset():
                    pass
                return tx, await cursor.fetchone() if cursor.description else None
            except psycopg.OperationalError:
                await self._pool.putconn(tx)
                if not tx.closed or not tries_left:
                    raise
            except BaseException:
                await _roll_back(tx)
                await self._pool.putconn(tx)
                raise
        raise AssertionError("the last try returns or raises")


def _begin(organization: UUID, mode: str = "") -> str:
    # For this transaction alone, as set_config(.., true) does: SET without LOCAL would stay on the pooled connection.
    return f"BEGIN {mode}; SET LOCAL app.organization = '{organization}'"


async def _commit(tx: Transaction) -> None:
    """Commit. The server answers the COMMIT of a failed transaction with ROLLBACK and no error: that is raised here."""
    if (await tx.execute(b"COMMIT")).statusmessage != "COMMIT":
        raise psycopg.errors.InFailedSqlTransaction("an error inside the transaction was passed over")


async def _roll_back(tx: Transaction) -> None:
    """Roll back. A connection that cannot do even that is closed, which the server takes for the same."""
    if tx.pgconn.transaction_status == TransactionStatus.IDLE:
        return
    try:
        await tx.execute(b"ROLLBACK")
    except psycopg.Error:
        await tx.close()


def _left(call: Call) -> float:
    """Seconds that may be waited for a connection."""
    left = call.deadline - time.monotonic()
    if left <= 0:
        raise DeadlinePassed
    return min(left, WAIT_SECONDS)


async def _repeated(call: Call, once: Callable[[], Awaitable[T]]) -> T:
    """Run a unit of work until no other transaction is in its way, or the call's time is up."""
    while True:
        try:
            return await once()
        except psycopg.Error as error:
            if not faults.is_passing(error):
                raise
            if not faults.is_conflict(error) or time.monotonic() >= call.deadline:
                raise UnavailableForNow("database") from error


def _pool(url: str, name: str, size: int) -> Pool:
    return AsyncConnectionPool(
        url,
        connection_class=Transaction,
        kwargs={
            "autocommit": True,  # BEGIN is sent by hand, together with the organisation
            "prepare_threshold": None,
            "row_factory": namedtuple_row,
            "application_name": name,
        },
        min_size=size,
        max_size=size,
        name=name,
        open=False,
        timeout=WAIT_SECONDS,
        max_lifetime=30 * 60,
    )
