"""Deletes rows that nobody asks for any more, in batches that are small enough for the time a transaction has."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any
from uuid import UUID

from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.database.transaction import Transaction

BATCH = 1_000


async def delete_found(
    database: Database,
    lease: Lease,
    find: str,
    delete: str,
    *values: object,
    parts: str | None = None,
    at_once: int | None = None,
) -> None:
    """Delete what is due of every organisation, until nothing is. Raises LeaseLost.

    find: the finder role's question; `values` and the size of a batch are its last parameters. Each row is an
    organisation and a key.
    delete: takes a list for each column of the key, then `values`: it asks again whether they are due.
    parts: deletes rows that belong to those found, where one may have any number: takes the same, then how many.
    at_once: how many of those found one transaction deletes; BATCH unless told.
    """
    limit = at_once or BATCH
    found = limit
    while found == limit:
        async with database.finder() as finder:
            rows = await (await finder.execute(find.encode(), (*values, limit))).fetchall()
        found = len(rows)
        for organization, keys in _by_organization(rows).items():
            due = (*map(list, zip(*keys, strict=True)), *values)
            begin = partial(database.transaction, organization)
            if parts:
                await delete_batches(begin, lease, partial(_delete_some, parts, due))
            async with begin() as tx:
                await lease.hold(tx)
                await tx.execute(delete.encode(), due)


async def delete_batches(
    begin: Callable[[], AbstractAsyncContextManager[Transaction]],
    lease: Lease,
    delete: Callable[[Transaction, int], Awaitable[int]],
) -> None:
    """Delete, each batch in a transaction of its own, until one is not full. Raises LeaseLost.

    delete: takes the size of a batch; how many it deleted.
    """
    limit = deleted = BATCH
    while deleted == limit:
        async with begin() as tx:
            await lease.hold(tx)
            deleted = await delete(tx, limit)


async def _delete_some(statement: str, values: Sequence[object], tx: Transaction, limit: int) -> int:
    return (await tx.execute(statement.encode(), (*values, limit))).rowcount


def _by_organization(rows: Sequence[tuple[Any, ...]]) -> Mapping[UUID, list[tuple[Any, ...]]]:
    keys = defaultdict(list)
    for organization, *key in rows:
        keys[organization].append(tuple(key))
    return keys
