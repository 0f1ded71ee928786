"""Statements on demands whose time is up, and on who holds units."""

from datetime import timedelta
from uuid import UUID

from chassis.database.pool import Connection
from chassis.database.transaction import Transaction
from inventory.reservations.demand import Owner
from inventory.reservations.ending.holders import Holder

_EXPIRED = """
SELECT id, jsonb_array_length(lines) AS lines FROM demands
WHERE organization_id = %s AND expire_time <= now() AND expire_time IS NOT NULL AND NOT closed
ORDER BY expire_time
LIMIT %s"""

_ORGANIZATIONS_WITH_EXPIRED = """
SELECT DISTINCT organization_id FROM demands
WHERE expire_time <= now() AND expire_time IS NOT NULL AND NOT closed"""

# The oldest demands first, of each what it holds: all of a caller's, which is released whole.
_HOLDERS = """
WITH holders AS MATERIALIZED (
    SELECT id, owner, create_time, jsonb_array_length(lines) AS lines FROM demands
    WHERE organization_id = %(organization)s AND NOT closed
        AND (%(demand)s::uuid IS NULL OR id = %(demand)s)
        AND (%(min_age)s::interval IS NULL OR create_time <= now() - %(min_age)s::interval)
        AND EXISTS (
            SELECT FROM reservations
            WHERE reservations.organization_id = %(organization)s AND demand_id = demands.id AND active
                AND (%(item)s::uuid IS NULL OR item_id = %(item)s)
        )
    ORDER BY create_time, id
    LIMIT %(limit)s
)
SELECT holders.id, owner, create_time, item_id, warehouse_id,
    sum(quantity - consumed - released)::bigint AS units, lines
FROM holders JOIN reservations ON organization_id = %(organization)s AND demand_id = holders.id AND active
WHERE %(item)s::uuid IS NULL OR item_id = %(item)s OR owner = 'API'
GROUP BY holders.id, owner, create_time, lines, item_id, warehouse_id
ORDER BY create_time, holders.id, item_id, warehouse_id"""


async def select_expired(tx: Transaction, limit: int) -> list[tuple[UUID, int]]:
    """Demands whose time is up, the longest first, with the number of their lines."""
    return [(row.id, row.lines) for row in await (await tx.execute(_EXPIRED, (tx.organization, limit))).fetchall()]


async def organizations_with_expired(finder: Connection) -> list[UUID]:
    """Organisations where a demand's time is up."""
    return [row[0] for row in await (await finder.execute(_ORGANIZATIONS_WITH_EXPIRED)).fetchall()]


async def select_holders(
    tx: Transaction, demand: UUID | None, item: UUID | None, min_age: timedelta | None, limit: int
) -> list[Holder]:
    """What so many of the demands that match all of this hold, the oldest first; of orders only of the item."""
    values = {"organization": tx.organization, "demand": demand, "item": item, "min_age": min_age, "limit": limit}
    rows = await (await tx.execute(_HOLDERS, values, binary=True)).fetchall()
    return [Holder(row.id, Owner(row.owner), *row[2:]) for row in rows]
