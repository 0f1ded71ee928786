"""Measures what waits in the database, in each process: how much of it and how old, for alarms."""

import asyncio
from collections.abc import Sequence

import psycopg

from chassis.database.pool import Connection, Database
from chassis.messaging import metrics
from chassis.messaging.consumer import Consumer
from chassis.telemetry.logs import get_logger

log = get_logger()

_PERIOD = 5.0
_MOST = 100_000
_STATES = ("WAITING", "RETRYING", "PARKED")

_OUTBOX = """
    SELECT count(*) AS rows, coalesce(extract(epoch FROM now() - min(create_time)), 0)::float AS age
    FROM (SELECT create_time FROM outbox WHERE publish_time IS NULL ORDER BY seq LIMIT %s) AS waiting
"""

_INBOX = """
    SELECT consumer, state, count(*) AS rows, extract(epoch FROM now() - min(receive_time))::float AS age
    FROM (SELECT consumer, state, receive_time FROM inbox WHERE state <> 'DONE' LIMIT %s) AS waiting
    GROUP BY consumer, state
"""

_STOPPED = "SELECT count(*) AS lanes FROM lanes WHERE consumer = %s AND next_try_time IS NULL"


class Backlog:
    """A part of each process that publishes or consumes."""

    def __init__(self, database: Database, consumers: Sequence[Consumer] = ()) -> None:
        self._database = database
        self._consumers = [consumer.name for consumer in consumers]
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Measure every five seconds until told to stop."""
        while not self._stopping.is_set():
            try:
                async with self._database.finder() as finder:
                    await self.measure(finder)
            except psycopg.Error as error:
                log.warning("backlog not measured", error=type(error).__name__)
            try:
                await asyncio.wait_for(self._stopping.wait(), _PERIOD)
            except TimeoutError:
                continue

    async def stop(self) -> None:
        """End at once."""
        self._stopping.set()

    async def measure(self, finder: Connection) -> None:
        """Set the gauges."""
        (outbox,) = await (await finder.execute(_OUTBOX, (_MOST,))).fetchall()
        metrics.OUTBOX_ROWS.set(outbox.rows)
        metrics.OUTBOX_AGE.set(outbox.age)
        found = {(row.consumer, row.state): row for row in await (await finder.execute(_INBOX, (_MOST,))).fetchall()}
        for consumer in self._consumers:
            for state in _STATES:
                row = found.get((consumer, state))
                metrics.INBOX_ROWS.labels(consumer, state).set(row.rows if row else 0)
                metrics.INBOX_AGE.labels(consumer, state).set(row.age if row else 0)
            (stopped,) = await (await finder.execute(_STOPPED, (consumer,))).fetchall()
            metrics.LANES_BLOCKED.labels(consumer).set(stopped.lanes)
