"""A job runs in one process at a time, and goes on in another when that one is gone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import psycopg
import pytest

from chassis.database import jobs, leases
from chassis.database.jobs import Job, JobRunner
from chassis.database.leases import Lease, LeaseLost
from chassis.database.pool import Database
from chassis.messaging import outbox
from tests.given.events import order_event
from tests.given.waiting import until

Run = Callable[[Lease], Awaitable[None]]


@asynccontextmanager
async def running(database: Database, jobs: Sequence[Job]) -> AsyncIterator[JobRunner]:
    """A runner, told to stop at the end."""
    runner = JobRunner(database, jobs)
    task = asyncio.create_task(runner.run())
    try:
        yield runner
    finally:
        await runner.stop()
        await task


@pytest.fixture
def name() -> str:
    return f"job-{uuid4()}"


def noted(runs: list[str], who: str) -> Run:
    async def run(lease: Lease) -> None:
        runs.append(who)

    return run


async def test_two_replicas_run_it_once_and_when_one_stops_the_other_goes_on(database: Database, name: str) -> None:
    """Trap 35."""
    runs: list[str] = []
    async with running(database, [Job(name, 0.01, noted(runs, "first"))]) as first:
        await until(lambda: len(runs) > 3)
        async with running(database, [Job(name, 0.01, noted(runs, "second"))]):
            so_far = len(runs)
            await until(lambda: len(runs) > so_far + 10)
            assert set(runs) == {"first"}
            await first.stop()
            # Sooner than the lease would have ended by itself.
            await until(lambda: "second" in runs, 8.0)
    assert runs == ["first"] * runs.count("first") + ["second"] * runs.count("second")


async def test_it_runs_when_woken_and_not_before_its_period(database: Database, name: str) -> None:
    runs: list[str] = []
    wake = asyncio.Event()
    async with running(database, [Job(name, 3600.0, noted(runs, "run"), wake)]):
        await until(lambda: len(runs) == 1)
        wake.set()
        await until(lambda: len(runs) == 2)


async def test_of_a_holder_killed_in_the_middle_of_a_run_nothing_stays_and_another_does_it(
    database: Database, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trap 35. Its connection is gone and its lease is never given back."""
    monkeypatch.setattr(leases, "LEASE_SECONDS", 0.3)
    monkeypatch.setattr(jobs, "_TAKE_SECONDS", 0.05)
    organization = uuid4()

    async def run(lease: Lease) -> None:
        """Begins where the last committed run ended."""
        async with database.transaction(organization) as tx:
            await lease.hold(tx)
            await outbox.write(tx, [order_event(organization, str(lease.epoch))])
            if lease.epoch == 1:
                await tx.close()

    async with database.directory() as tx:
        killed = await leases.take(tx, name, "killed")
    assert killed is not None
    with pytest.raises(psycopg.OperationalError):
        await run(killed)
    async with running(database, [Job(name, 3600.0, run)]), asyncio.timeout(10):
        while not (done := await aggregates(database, organization)):
            continue

    assert done == ["2"]


async def aggregates(database: Database, organization: UUID) -> list[str]:
    """What the committed runs were about."""
    async with database.transaction(organization) as tx:
        return [row.aggregateid for row in await (await tx.execute("SELECT aggregateid FROM outbox")).fetchall()]


async def test_a_run_that_fails_is_followed_by_the_next(database: Database, name: str) -> None:
    """Trap 35: the next run finds what the failed one left."""
    runs: list[str] = []

    async def fail_once(lease: Lease) -> None:
        runs.append("run")
        if len(runs) == 1:
            raise InterruptedError

    async with running(database, [Job(name, 0.01, fail_once)]):
        await until(lambda: len(runs) == 2)


async def test_a_holder_whose_lease_was_taken_stops_and_waits_for_it_again(database: Database, name: str) -> None:
    epochs: list[int] = []

    async def run(lease: Lease) -> None:
        async with database.transaction(uuid4()) as tx:
            await lease.hold(tx)
        epochs.append(lease.epoch)

    async with running(database, [Job(name, 0.01, run)]):
        await until(lambda: epochs)
        async with database.directory() as tx:
            await tx.execute("UPDATE leases SET epoch = 40, expire_time = now() WHERE name = %s", (name,))
        await until(lambda: epochs[-1] == 41)
    assert set(epochs) == {1, 41}


async def test_stopping_waits_for_the_run_in_hand(database: Database, name: str) -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def run(lease: Lease) -> None:
        begun.set()
        await may_end.wait()
        ended.set()

    async with running(database, [Job(name, 0.01, run)]) as runner:
        await begun.wait()
        stopping = asyncio.create_task(runner.stop())
        await asyncio.wait({stopping}, timeout=0.05)
        assert not stopping.done()
        may_end.set()
        await stopping
    assert ended.is_set()


async def test_two_jobs_cannot_have_one_name(database: Database, name: str) -> None:
    async def run(lease: Lease) -> None:
        raise LeaseLost

    with pytest.raises(ValueError, match=name):
        JobRunner(database, [Job(name, 1.0, run), Job(name, 2.0, run)])
