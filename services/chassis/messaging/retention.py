"""Deletes what nobody asks for any more, in small batches: jobs for `app.py`, each with its period."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from chassis.database.jobs import Job
from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.messaging import outbox

_BATCH = 1_000

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
    deleted = _BATCH
    while deleted == _BATCH:
        async with database.finder() as finder:
            deleted = await outbox.delete_published(finder, lease, _BATCH)


async def delete_done_messages(database: Database, lease: Lease) -> None:
    """Inbox rows. After that a message that comes once more would be applied once more: Kafka keeps none so long."""
    await _delete(database, lease, _DONE_LONG_AGO, _DELETE_DONE)


async def delete_idempotency_keys(database: Database, lease: Lease) -> None:
    """Keys of calls that nobody repeats any more."""
    await _delete(database, lease, _OLD_KEYS, _DELETE_KEYS)


async def _delete(database: Database, lease: Lease, find: str, delete: str) -> None:
    found = _BATCH
    while found == _BATCH:
        async with database.finder() as finder:
            rows = await (await finder.execute(find.encode(), (_BATCH,))).fetchall()
        found = len(rows)
        for organization, keys in _by_organization(rows).items():
            async with database.transaction(organization) as tx:
                await lease.hold(tx)
                await tx.execute(delete.encode(), [list(column) for column in zip(*keys, strict=True)])


def _by_organization(rows: Sequence[tuple[Any, ...]]) -> Mapping[UUID, list[tuple[Any, ...]]]:
    keys = defaultdict(list)
    for organization, *key in rows:
        keys[organization].append(tuple(key))
    return keys
