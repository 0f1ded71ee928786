"""A relay that is paused is replaced in time, and when it wakes it changes nothing."""

import asyncio
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import psycopg

from chassis.database.pool import Database
from chassis.messaging.kafka import Kafka
from chassis.messaging.relay import Relay
from chassis.messaging.topics import Topic, create_topics
from laptop.databases import ServiceDatabase
from laptop.postgres import Postgres
from rappit.orders.v1.events_pb2 import OrderEvent
from tests.given import relay_process
from tests.given.events import order_event
from tests.given.postgres import DatabaseOf
from tests.given.relaying import all_published, got, new_prefix, order_of, publish, unpublished


@asynccontextmanager
async def relay_of_another_process(addresses: ServiceDatabase, kafka: Kafka) -> AsyncIterator[Process]:
    arguments = (relay_process.__file__, addresses.service, addresses.finder, kafka.bootstrap, kafka.prefix)
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=PIPE)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def says(process: Process, words: str) -> None:
    """Returns when the process logs these words."""
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while words.encode() not in await process.stdout.readline():
            assert process.returncode is None


async def test_another_takes_over_within_15_seconds_and_the_sleeper_wakes_and_changes_nothing(
    fresh_service_database: DatabaseOf, kafka: str, topic_prefix: str
) -> None:
    """Trap 46, with the real times."""
    addresses, ours = fresh_service_database("chassis"), Kafka(kafka, new_prefix(topic_prefix), development=True)
    await create_topics(ours, [Topic(OrderEvent, partitions=2)])
    database = await Database.open(addresses.service, addresses.finder, service="chassis", size=4)
    organization = uuid4()
    relay = Relay(database, ours)
    async with relay_of_another_process(addresses, ours) as sleeper:
        await says(sleeper, "job taken over")
        await publish(database, order_event(organization, "a", 1))
        await all_published(database)

        sleeper.send_signal(signal.SIGSTOP)
        paused = time.monotonic()
        running = asyncio.create_task(relay.run())
        await publish(database, order_event(organization, "a", 2))
        await all_published(database)
        assert time.monotonic() - paused < 15

        sleeper.send_signal(signal.SIGCONT)
        await says(sleeper, "job lost to another process")
        await publish(database, order_event(organization, "a", 3))
        await all_published(database)
        async with database.directory() as tx:
            (lease,) = await (await tx.execute("SELECT epoch FROM leases WHERE name = 'relay'")).fetchall()
        await relay.stop()
        await running
    await database.close()

    assert lease.epoch == 2
    assert order_of("a", await got(ours)) == [1, 2, 3]


async def test_a_sleeper_that_had_sent_and_not_marked_marks_nothing_when_it_wakes(
    fresh_service_database: DatabaseOf, postgres: Postgres, kafka: str, topic_prefix: str
) -> None:
    """Trap 46: paused in the one instant in which it could still change something."""
    addresses, ours = fresh_service_database("chassis"), Kafka(kafka, new_prefix(topic_prefix), development=True)
    await create_topics(ours, [Topic(OrderEvent, partitions=1)])
    database = await Database.open(addresses.service, addresses.finder, service="chassis", size=4)
    organization = uuid4()
    async with (
        relay_of_another_process(addresses, ours) as sleeper,
        await psycopg.AsyncConnection.connect(postgres.url(database=addresses.name), autocommit=True) as superuser,
    ):
        await says(sleeper, "job taken over")
        # It asks for its lease once before it sends the first: that is done.
        await publish(database, order_event(organization, "a", 0))
        await all_published(database)
        async with superuser.transaction():
            # Whoever marks must hold the lease, and waits here for it, with the acknowledgement in hand.
            await superuser.execute("SELECT FROM leases WHERE name = 'relay' FOR UPDATE")
            await publish(database, order_event(organization, "a", 1))
            async with asyncio.timeout(20):
                while not await waits_for_the_lease(superuser):
                    continue
            sleeper.send_signal(signal.SIGSTOP)
            await superuser.execute(
                "UPDATE leases SET epoch = epoch + 1, expire_time = now() + interval '1 hour' WHERE name = 'relay'"
            )
        sleeper.send_signal(signal.SIGCONT)
        await says(sleeper, "job lost to another process")

        assert len(await unpublished(database)) == 1
        assert order_of("a", await got(ours)) == [0, 1]
    await database.close()


async def waits_for_the_lease(superuser: "psycopg.AsyncConnection[Any]") -> bool:
    """Whether a session of the relay's role stands before the lease, to read it FOR SHARE."""
    await superuser.execute("SELECT pg_stat_clear_snapshot()")
    found = await superuser.execute(
        """SELECT FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND query LIKE '%leases%FOR SHARE%' AND datname = current_database()"""
    )
    return found.rowcount > 0
