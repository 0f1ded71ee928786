"""Deletes rows of many organisations that nobody asks for any more, in small batches."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chassis.database.leases import Lease
from chassis.database.pool import Database

BATCH = 1_000


async def delete_found(database: Database, lease: Lease, find: str, delete: str, *values: object) -> None:
    """Delete what is due, until nothing is. Raises LeaseLost.

    find: the finder role's question; `values` and the size of a batch are its last parameters. Each row is an
    organisation and a key.
    delete: takes a list for each column of the key, then `values`: it asks again whether they are due.
    """
    found = BATCH
    while found == BATCH:
        async with database.finder() as finder:
            rows = await (await finder.execute(find.encode(), (*values, BATCH))).fetchall()
        found = len(rows)
        for organization, keys in _by_organization(rows).items():
            async with database.transaction(organization) as tx:
                await lease.hold(tx)
                await tx.execute(delete.encode(), (*map(list, zip(*keys, strict=True)), *values))


def _by_organization(rows: Sequence[tuple[Any, ...]]) -> Mapping[UUID, list[tuple[Any, ...]]]:
    keys = defaultdict(list)
    for organization, *key in rows:
        keys[organization].append(tuple(key))
    return keys
