"""What deliveries were and led to, kept for 30 days; never what they said."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from orders.webhooks import sql
from orders.webhooks.delivery import Delivery

_AT_ONCE = 1_000


async def record_deliveries(tx: Transaction, deliveries: Sequence[Delivery], outcome: str = "") -> None:
    """Keep what was applied; `outcome` where it is the same for all of them."""
    rows = [
        (
            each.event_id,
            each.store.id,
            each.topic,
            each.external_id,
            each.body_bytes,
            each.body_sha256,
            each.time,
            outcome or each.outcome,
        )
        for each in deliveries
    ]
    if rows:
        await tx.execute(sql.RECORD, (tx.organization, *(list(column) for column in zip(*rows, strict=True))))


async def delete_old_deliveries(database: Database, lease: Lease) -> None:
    """The job that forgets them after 30 days, as the inbox does."""
    found = _AT_ONCE
    while found == _AT_ONCE:
        async with database.finder() as finder:
            rows = await (await finder.execute(sql.OLD_DELIVERIES, (_AT_ONCE,))).fetchall()
        found = len(rows)
        old: dict[UUID, list[UUID]] = defaultdict(list)
        for row in rows:
            old[row.organization_id].append(row.event_id)
        for organization, ids in old.items():
            async with database.transaction(organization) as tx:
                await lease.hold(tx)
                await tx.execute(sql.DELETE_DELIVERIES, (ids,))
