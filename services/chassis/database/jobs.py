"""Jobs: what a service does by itself, once at a time over all its replicas."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import psycopg
from prometheus_client import Counter, Gauge

from chassis.database.leases import LEASE_SECONDS, Lease, LeaseLost, take
from chassis.database.pool import Database
from chassis.telemetry import traces
from chassis.telemetry.logs import get_logger

log = get_logger()

RUNS = Counter("rappit_job_runs", "Runs of jobs by how they ended.", ["job", "outcome"])
HELD = Gauge("rappit_job_held", "Whether this process holds the job's lease.", ["job"])

# Three renewals may fail before the lease ends; who waits for it looks often enough to have it within the next seconds.
_RENEW_SECONDS = LEASE_SECONDS / 4
_TAKE_SECONDS = LEASE_SECONDS / 5
_AFTER_FAILURE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """A verb that runs every `period` seconds, and as soon as `wake` is set, in whichever process holds its lease.

    Each transaction of `run` begins with `await lease.hold(tx)`. An exception ends the run; the next one comes as ever.
    """

    name: str
    period: float
    run: Callable[[Lease], Awaitable[None]]
    wake: asyncio.Event | None = None


class JobRunner:
    """Holds the leases of jobs that nobody else holds, and runs those jobs."""

    def __init__(self, database: Database, jobs: Sequence[Job]) -> None:
        names = [job.name for job in jobs]
        if len(set(names)) < len(names):
            raise ValueError(f"two jobs have one name: {', '.join(sorted(names))}")
        self._database = database
        self._jobs = jobs
        self._holder = f"{socket.gethostname()}:{os.getpid()}"
        self._stopping = asyncio.Event()
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Run the jobs until told to stop."""
        try:
            async with asyncio.TaskGroup() as group:
                for job in self._jobs:
                    group.create_task(self._serve(job), name=job.name)
        finally:
            self._stopped.set()

    async def stop(self) -> None:
        """Let what runs come to its end, and give the leases back."""
        self._stopping.set()
        for job in self._jobs:
            if job.wake is not None:
                job.wake.set()
        await self._stopped.wait()

    async def _serve(self, job: Job) -> None:
        while not self._stopping.is_set():
            lease = await self._take(job)
            if lease is None:
                await _within(self._stopping, _TAKE_SECONDS)
                continue
            log.info("job taken over", job=job.name, epoch=lease.epoch)
            HELD.labels(job.name).set(1)
            renewing = asyncio.create_task(self._renew(lease))
            try:
                await self._repeat(job, lease)
            except LeaseLost:
                log.warning("job lost to another process", job=job.name, epoch=lease.epoch)
            finally:
                HELD.labels(job.name).set(0)
                renewing.cancel()
            await self._give_back(lease)

    async def _repeat(self, job: Job, lease: Lease) -> None:
        """Run the job again and again. Raises LeaseLost."""
        while not self._stopping.is_set():
            if job.wake is not None:
                job.wake.clear()
            lease.check()
            pause = job.period
            try:
                with traces.span(job.name, job=job.name):
                    await job.run(lease)
            except LeaseLost:
                raise
            except Exception as error:
                RUNS.labels(job.name, "failed").inc()
                log.exception("job failed", job=job.name, error=type(error).__name__)
                pause = max(pause, _AFTER_FAILURE_SECONDS)
            else:
                RUNS.labels(job.name, "done").inc()
            await _within(job.wake or self._stopping, pause)

    async def _take(self, job: Job) -> Lease | None:
        try:
            async with self._database.directory() as tx:
                return await take(tx, job.name, self._holder)
        except psycopg.Error as error:
            log.warning("lease not taken", job=job.name, error=type(error).__name__)
            return None

    async def _renew(self, lease: Lease) -> None:
        """Renew until cancelled, or lost: whoever uses the lease finds that out by itself."""
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            try:
                async with self._database.directory() as tx:
                    await lease.renew(tx)
            except LeaseLost:
                return
            except psycopg.Error as error:
                log.warning("lease not renewed", job=lease.name, error=type(error).__name__)

    async def _give_back(self, lease: Lease) -> None:
        try:
            async with self._database.directory() as tx:
                await lease.give_back(tx)
        except psycopg.Error as error:
            log.warning("lease not given back", job=lease.name, error=type(error).__name__)


async def _within(event: asyncio.Event, seconds: float) -> None:
    """Return when the event is set, or after so many seconds."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
