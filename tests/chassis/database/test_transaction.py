"""A transaction has one organisation, and sees the rows of no other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID, uuid4

import psycopg
import pytest

from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from tests.given.postgres import DatabaseOf

PUT = "INSERT INTO lanes (organization_id, consumer, aggregate_id) VALUES (%s, 'tenancy', %s)"
COUNT = "SELECT count(*) AS rows FROM lanes WHERE consumer = 'tenancy'"


async def rows_seen(tx: Transaction) -> int:
    (row,) = await (await tx.execute(COUNT)).fetchall()
    return int(row.rows)


@pytest.fixture
async def two(database: Database) -> tuple[UUID, UUID]:
    """Two organisations with a row each."""
    organizations = uuid4(), uuid4()
    for organization in organizations:
        async with database.transaction(organization) as tx:
            await tx.execute(PUT, (organization, "theirs"))
    return organizations


async def test_an_organization_sees_its_own_rows_alone(database: Database, two: tuple[UUID, UUID]) -> None:
    for organization in two:
        async with database.transaction(organization) as tx:
            assert await rows_seen(tx) == 1
            assert tx.organization == organization


@pytest.fixture
async def alone(service_database: DatabaseOf) -> AsyncIterator[Database]:
    """With one connection, which every transaction gets in turn."""
    addresses = service_database("chassis")
    database = await Database.open(addresses.service, addresses.finder, service="chassis", size=1)
    yield database
    await database.close()


async def test_without_an_organization_no_row_is_seen_and_nothing_fails(
    alone: Database, two: tuple[UUID, UUID]
) -> None:
    """Hole 2: what a transaction leaves of its setting is '', which is no uuid."""
    for _ in range(2):
        async with alone.directory() as tx:
            assert await rows_seen(tx) == 0
            with pytest.raises(LookupError):
                _ = tx.organization
        async with alone.transaction(two[0]) as tx:
            assert await rows_seen(tx) == 1


async def test_a_connection_carries_no_organization_into_its_next_transaction(
    alone: Database, two: tuple[UUID, UUID]
) -> None:
    """Trap 3, and hole 3."""
    for statement in ("SELECT 1", "SELECT 1/0"):
        with suppress(psycopg.errors.DivisionByZero):
            async with alone.transaction(two[0]) as first:
                assert await rows_seen(first) == 1
                await first.execute(statement.encode())
        async with alone.directory() as second:
            assert second is first
            assert await rows_seen(second) == 0


async def test_nothing_is_kept_in_a_session(alone: Database, two: tuple[UUID, UUID]) -> None:
    """Behind PgBouncer in transaction mode the next transaction may have another session."""
    for _ in range(12):
        async with alone.transaction(two[0]) as tx:
            await rows_seen(tx)
    async with alone.directory() as tx:
        assert not (await tx.execute("SELECT FROM pg_prepared_statements")).rowcount
        assert not (
            await tx.execute("SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        ).rowcount
        kept = await (await tx.execute("SELECT name FROM pg_settings WHERE source = 'session'")).fetchall()
        assert [row.name for row in kept if row.name not in {"client_encoding", "application_name"}] == []


async def test_a_row_of_another_organization_can_be_neither_written_nor_changed(
    database: Database, two: tuple[UUID, UUID]
) -> None:
    ours, theirs = two
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.transaction(ours) as tx:
            await tx.execute(PUT, (theirs, "forged"))
    async with database.transaction(ours) as tx:
        changed = await tx.execute("UPDATE lanes SET aggregate_id = 'stolen' WHERE organization_id = %s", (theirs,))
        gone = await tx.execute("DELETE FROM lanes WHERE organization_id = %s", (theirs,))
        assert (changed.rowcount, gone.rowcount) == (0, 0)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.transaction(ours) as tx:
            await tx.execute("UPDATE lanes SET organization_id = %s", (theirs,))


async def test_a_key_of_another_organization_is_free(database: Database, two: tuple[UUID, UUID]) -> None:
    """Hole 4: a unique index without the organisation would tell that the other has the row."""
    for organization in two:
        async with database.transaction(organization) as tx:
            await tx.execute(PUT, (organization, "the same"))


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE lanes",
        "COPY lanes FROM STDIN",
        "ALTER TABLE lanes DISABLE ROW LEVEL SECURITY",
        "SET ROLE chassis_owner",
    ],
)
async def test_there_is_no_way_around_a_policy(statement: str, database: Database, two: tuple[UUID, UUID]) -> None:
    """Holes 5 and 6: TRUNCATE minds no policy, COPY FROM none either and is refused by PostgreSQL."""
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
        async with database.transaction(two[0]) as tx:
            await tx.execute(statement.encode())


async def test_the_owner_is_bound_by_the_policies_too(service_database: DatabaseOf, two: tuple[UUID, UUID]) -> None:
    """Hole 1: an owner bypasses policies unless they are forced."""
    async with await psycopg.AsyncConnection.connect(service_database("chassis").owner) as owner:
        assert await (await owner.execute(COUNT)).fetchone() == (0,)


async def test_the_finder_finds_and_changes_nothing(database: Database, two: tuple[UUID, UUID]) -> None:
    async with database.finder() as finder:
        cursor = await finder.execute("SELECT organization_id FROM lanes WHERE consumer = 'tenancy'")
        assert set(two) <= {row.organization_id for row in await cursor.fetchall()}
        for statement in (
            "UPDATE lanes SET next_try_time = now()",
            "DELETE FROM lanes",
            "INSERT INTO lanes (organization_id, consumer, aggregate_id) VALUES (gen_random_uuid(), 'tenancy', 'x')",
            "SELECT message FROM inbox",
            "DELETE FROM idempotency_keys",
            "SELECT answer FROM idempotency_keys",
            "UPDATE leases SET epoch = 0",
            "INSERT INTO leases VALUES ('x', 'x', 1, now())",
            "UPDATE outbox SET payload = ''",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await finder.execute(statement.encode())


async def test_an_exception_rolls_back(database: Database) -> None:
    organization = uuid4()

    async def fail() -> None:
        async with database.transaction(organization) as tx:
            await tx.execute(PUT, (organization, "x"))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await fail()
    async with database.transaction(organization) as tx:
        assert await rows_seen(tx) == 0


async def test_an_error_that_was_passed_over_inside_does_not_look_like_a_commit(database: Database) -> None:
    """The server answers such a COMMIT with ROLLBACK, and no error."""

    async def pass_over() -> None:
        async with database.transaction(uuid4()) as tx:
            with suppress(psycopg.errors.DivisionByZero):
                await tx.execute("SELECT 1/0")

    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        await pass_over()


async def test_a_unit_of_work_that_is_cancelled_leaves_its_connection_clean(alone: Database) -> None:
    organization, begun = uuid4(), asyncio.Event()

    async def work() -> None:
        async with alone.transaction(organization) as tx:
            await tx.execute(PUT, (organization, "x"))
            begun.set()
            await tx.execute("SELECT pg_sleep(60)")

    working = asyncio.create_task(work())
    await begun.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    async with alone.transaction(organization) as tx:
        assert await rows_seen(tx) == 0


async def test_connections_that_died_while_pooled_are_noticed_by_nobody(service_database: DatabaseOf) -> None:
    addresses = service_database("chassis")
    database = await Database.open(addresses.service, addresses.finder, service="chassis", size=3)
    try:
        async with database.directory() as first, database.directory() as second, database.directory() as third:
            processes = [connection.info.backend_pid for connection in (first, second, third)]
        for process in processes:
            async with database.directory() as tx:
                await tx.execute("SELECT pg_terminate_backend(%s) WHERE %s <> pg_backend_pid()", (process, process))
        for _ in range(4):
            await database.answers()
    finally:
        await database.close()


async def test_what_is_to_follow_the_commit_follows_no_rollback(database: Database) -> None:
    done: list[str] = []
    with suppress(ZeroDivisionError):
        async with database.transaction(uuid4()) as tx:
            tx.after_commit.append(lambda: done.append("rolled back"))
            raise ZeroDivisionError
    async with database.transaction(uuid4()) as tx:
        tx.after_commit.append(lambda: done.append("committed"))
        with suppress(ZeroDivisionError):
            async with tx.transaction():
                tx.after_commit.append(lambda: done.append("rolled back to a savepoint"))
                raise ZeroDivisionError
        async with tx.transaction():
            tx.after_commit.append(lambda: done.append("with its savepoint"))
        assert done == []

    assert done == ["committed", "with its savepoint"]


async def test_a_finder_has_transactions_too(database: Database) -> None:
    async with database.finder() as finder, finder.transaction():
        assert await (await finder.execute("SELECT 1")).fetchone() == (1,)
