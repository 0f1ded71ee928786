"""Publishes the outbox: in the order of its rows within each key, each at least once, none ever passed over.

One process at a time does it, under a lease. It is woken by its own process's commits, and looks by itself every 50 ms
for those of others. A row that Kafka does not take holds up its key and no other: it is told by its id and tried again
for ever. Several rows of one key may be in flight; those that were acknowledged behind one that failed are sent again
after it, which their receivers know by the ids.
"""

import time
from collections.abc import Iterable, Sequence

from chassis.database.jobs import Job, JobRunner
from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.messaging import metrics, outbox
from chassis.messaging.blocked_keys import BlockedKeys
from chassis.messaging.kafka import Kafka
from chassis.messaging.outbox import Row
from chassis.messaging.publishing import Outcome, Publisher, is_refused, is_shut_out
from chassis.telemetry.logs import get_logger

log = get_logger()

_PERIOD = 0.05
_BATCH = 500
_ALONE = 10
# With so many keys waiting it is Kafka that is away; nothing new is begun until some of them are out.
_MOST_BLOCKED = 2_000


class Relay:
    """The outbox's way out."""

    def __init__(self, database: Database, kafka: Kafka) -> None:
        self._database = database
        self._publisher = Publisher(kafka, f"{database.service}.relay", self._confirm)
        self._lease: Lease | None = None
        self._blocked = BlockedKeys()
        self._away = False
        self._jobs = JobRunner(database, [Job("relay", _PERIOD, self.publish, database.outbox_written)])

    async def run(self) -> None:
        """Publish while holding the lease, until told to stop."""
        try:
            await self._jobs.run()
        finally:
            await self._publisher.close()

    async def stop(self) -> None:
        """Finish what is in flight and give the lease back."""
        await self._jobs.stop()

    async def publish(self, lease: Lease) -> None:
        """One round: what waits, then what failed before by itself."""
        if lease is not self._lease:
            # A producer of an earlier lease is shut out by now, if somebody else had the lease between.
            await self._publisher.replace_producer()
            self._lease = lease
        if await self._publish_together(lease):
            self._database.outbox_written.set()
        await self._publish_alone(lease)
        metrics.OUTBOX_BLOCKED.set(len(self._blocked))

    async def _confirm(self) -> None:
        """Raises LeaseLost."""
        if self._lease is not None:
            async with self._database.finder() as finder, finder.transaction():
                await self._lease.hold(finder)

    async def _publish_together(self, lease: Lease) -> bool:
        """Whether there may be more."""
        now = time.monotonic()
        most = max(1, min(_BATCH, _MOST_BLOCKED - len(self._blocked)))
        async with self._database.finder() as finder:
            rows = await outbox.unpublished(finder, most, self._blocked.excluded(now))
        is_all = len(rows) < most and sum(len(row.payload) for row in rows) < outbox.MOST_BYTES
        if is_all:
            self._blocked.forget_absent({row.topic_key for row in rows}, now)
        to_send = list(self._first_of_blocked(rows))
        if not to_send:
            return False
        lease.check()
        outcome = await self._publisher.send(to_send)
        await self._settle(lease, to_send, outcome)
        return not is_all and bool(outcome.acknowledged)

    async def _publish_alone(self, lease: Lease) -> None:
        for key in self._blocked.due_alone(time.monotonic(), _ALONE):
            async with self._database.finder() as finder:
                row = await outbox.first_of(finder, key)
            if row is None:
                self._blocked.out(key)
                continue
            lease.check()
            outcome = await self._publisher.send([row])
            await self._settle(lease, [row], outcome)
            if self._away:
                return

    def _first_of_blocked(self, rows: Iterable[Row]) -> Iterable[Row]:
        """Of a key that is being tried again only the first row."""
        seen = set()
        for row in rows:
            if row.topic_key not in self._blocked:
                yield row
            elif row.topic_key not in seen:
                seen.add(row.topic_key)
                yield row

    async def _settle(self, lease: Lease, rows: Sequence[Row], outcome: Outcome) -> None:
        """Mark what is out, up to the first failure of each key, and block the keys that failed.

        A producer that was shut out blocks none: the next round shows whose the lease is.
        """
        failures = {row.id: error for row, error in outcome.failed}
        held = set()
        out = []
        for row in rows:
            if row.topic_key in held:
                continue
            if row.id in failures:
                held.add(row.topic_key)
                if not is_shut_out(failures[row.id]):
                    self._fail(row, failures[row.id], all_failed=not outcome.acknowledged)
            else:
                out.append(row)
        if out:
            async with self._database.finder() as finder:
                await outbox.mark(finder, lease, out)
            for row in out:
                self._blocked.out(row.topic_key)
        metrics.PUBLISHED.inc(len(out))
        metrics.PUBLISH_BATCH.observe(len(rows))
        self._tell_whether_away(outcome)

    def _fail(self, row: Row, error: BaseException, *, all_failed: bool) -> None:
        refused = is_refused(error)
        away = all_failed and not refused
        tries = self._blocked.failed(row.topic_key, time.monotonic(), refused=refused, away=away)
        metrics.PUBLISH_FAILURES.labels("refused" if refused else "not acknowledged").inc()
        # While Kafka is away one line tells it for all.
        if not away:
            log.error(
                "event not published: its key waits",
                event_id=str(row.id),
                organization_id=str(row.organization),
                topic=row.topic,
                aggregate_id=row.key,
                tries=tries,
                error=type(error).__name__,
            )

    def _tell_whether_away(self, outcome: Outcome) -> None:
        failures = [error for _, error in outcome.failed if not is_shut_out(error)]
        if outcome.acknowledged:
            if self._away:
                self._blocked.relieve()
                log.info("Kafka takes events again")
            self._away = False
        elif failures and not any(is_refused(error) for error in failures):
            log.error("Kafka takes no events", events=len(failures), error=type(failures[0]).__name__)
            self._away = True
