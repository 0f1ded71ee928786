"""One holder at a time, in the server's time; who lost a lease changes nothing."""

import asyncio
import time
from uuid import uuid4

import psycopg
import pytest

from chassis.database import leases
from chassis.database.leases import Lease, LeaseLost, take
from chassis.database.pool import Database
from tests.given.locks import waits_for


async def taken(database: Database, name: str) -> Lease | None:
    async with database.directory() as tx:
        return await take(tx, name, "test")


async def held(database: Database, name: str) -> Lease:
    lease = await taken(database, name)
    assert lease is not None
    return lease


async def expire(database: Database, name: str) -> None:
    """Ten seconds pass, in the server's time."""
    async with database.directory() as tx:
        await tx.execute("UPDATE leases SET expire_time = clock_timestamp() - interval '1 ms' WHERE name = %s", (name,))


@pytest.fixture
def name() -> str:
    return f"job-{uuid4()}"


async def test_of_ten_that_want_it_one_gets_it(database: Database, name: str) -> None:
    leases = await asyncio.gather(*(taken(database, name) for _ in range(10)))

    assert len([lease for lease in leases if lease]) == 1


async def test_one_that_ended_is_taken_over_under_a_greater_epoch(database: Database, name: str) -> None:
    first = await held(database, name)
    await expire(database, name)
    second = await held(database, name)

    assert second.epoch == first.epoch + 1
    async with database.transaction(uuid4()) as tx:
        await second.hold(tx)
        with pytest.raises(LeaseLost):
            await first.hold(tx)
    async with database.directory() as tx:
        with pytest.raises(LeaseLost):
            await first.renew(tx)


async def test_one_that_ended_is_nobodys_also_while_nobody_has_taken_it_over(database: Database, name: str) -> None:
    lease = await held(database, name)
    await expire(database, name)

    async with database.directory() as tx:
        with pytest.raises(LeaseLost):
            await lease.hold(tx)


async def test_renewed_it_stays(database: Database, name: str) -> None:
    lease = await held(database, name)
    async with database.directory() as tx:
        await tx.execute("UPDATE leases SET expire_time = clock_timestamp() + interval '1 s' WHERE name = %s", (name,))
        await lease.renew(tx)

    async with database.directory() as tx:
        cursor = await tx.execute("SELECT expire_time - clock_timestamp() AS rest FROM leases WHERE name = %s", (name,))
        (row,) = await cursor.fetchall()
    assert 9 < row.rest.total_seconds() <= 10


async def test_given_back_it_is_the_next_ones_at_once(database: Database, name: str) -> None:
    lease = await held(database, name)
    async with database.directory() as tx:
        await lease.give_back(tx)

    assert await taken(database, name)
    with pytest.raises(LeaseLost):
        lease.check()


async def test_it_is_not_taken_while_a_transaction_of_its_holder_goes_on(
    database: Database, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the holder does is committed before the next holder begins, or never."""
    monkeypatch.setattr(leases, "LEASE_SECONDS", 0.2)
    lease = await held(database, name)
    async with database.finder() as finder, finder.transaction():
        await lease.hold(finder)
        taking = asyncio.create_task(taken_at_last(database, name))
        await waits_for(database, finder.info.backend_pid)
        assert not taking.done()

    assert (await taking).epoch == lease.epoch + 1


async def test_a_holder_paused_inside_a_transaction_loses_it_by_the_servers_patience(
    database: Database, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trap 46: the role's timeouts end a transaction that does nothing, and with it the holder's last hold."""
    monkeypatch.setattr(leases, "LEASE_SECONDS", 0.2)
    lease = await held(database, name)

    async def sleep_inside() -> None:
        async with database.transaction(uuid4()) as tx:
            await tx.execute("SET LOCAL idle_in_transaction_session_timeout = '600ms'")
            await lease.hold(tx)
            assert (await taken_at_last(database, name)).epoch == lease.epoch + 1
            await tx.execute("SELECT 1")

    with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
        await sleep_inside()


async def test_by_its_own_clock_a_holder_that_slept_too_long_sends_nothing(
    database: Database, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = await held(database, name)
    lease.check()

    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + leases.LEASE_SECONDS)
    with pytest.raises(LeaseLost):
        lease.check()


async def taken_at_last(database: Database, name: str) -> Lease:
    """The lease, as soon as it can be had."""
    while True:
        lease = await taken(database, name)
        if lease:
            return lease
