"""Deletes what nobody asks for any more, in small batches: jobs for `app.py`, each with its period."""

from functools import partial

from chassis.database.deletion import BATCH, delete_found
from chassis.database.jobs import Job
from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.messaging import outbox

_DONE_LONG_AGO = """
    SELECT organization_id, consumer, event_id FROM inbox
    WHERE state = 'DONE' AND done_time < now() - interval '30 days' ORDER BY done_time LIMIT %s
"""
_DELETE_DONE = """
    DELETE FROM inbox WHERE state = 'DONE' AND (consumer, event_id) IN (
        SELECT * FROM unnest(%s::text[], %s::uuid[])
    )
"""

_OLD_KEYS = """
    SELECT organization_id, principal, rpc, key FROM idempotency_keys
    WHERE create_time < now() - interval '24 hours' ORDER BY create_time LIMIT %s
"""
_DELETE_KEYS = """
    DELETE FROM idempotency_keys WHERE (principal, rpc, key) IN (
        SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])
    )
"""


def retention_jobs(database: Database) -> list[Job]:
    """Published events go after a day, idempotency keys after 24 hours, inbox rows 30 days after they were done."""
    return [
        Job("delete-published-events", 60.0, partial(delete_published_events, database)),
        Job("delete-idempotency-keys", 60.0, partial(delete_idempotency_keys, database)),
        Job("delete-done-messages", 300.0, partial(delete_done_messages, database)),
    ]


async def delete_published_events(database: Database, lease: Lease) -> None:
    """Outbox rows, by the finder role, which has leave for just that (docs/adr/0002)."""
    deleted = BATCH
    while deleted == BATCH:
        async with database.finder() as finder:
            deleted = await outbox.delete_published(finder, lease, BATCH)


async def delete_done_messages(database: Database, lease: Lease) -> None:
    """Inbox rows. After that a message that comes once more would be applied once more: Kafka keeps none so long."""
    await delete_found(database, lease, _DONE_LONG_AGO, _DELETE_DONE)


async def delete_idempotency_keys(database: Database, lease: Lease) -> None:
    """Keys of calls that nobody repeats any more."""
    await delete_found(database, lease, _OLD_KEYS, _DELETE_KEYS)
