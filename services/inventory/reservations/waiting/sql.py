"""Statements on those who wait, and on what wakes them."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from chassis.database.pool import Connection
from chassis.database.transaction import Transaction
from inventory.reservations.demand import ANYWHERE

# Those of the batch, and of the others as many as could have what is there: of those who lack the same number of units
# the ones that have waited longest, until their sum is all there is.
_WAITING = """
SELECT item_id, warehouse_id, demand_id, position, units FROM waiting
WHERE organization_id = %(organization)s AND demand_id = ANY(%(ids)b::uuid[])
UNION
SELECT item_id, warehouse_id, demand_id, position, units
FROM (
    SELECT waiting.*, most, row_number() OVER (PARTITION BY item_id, warehouse_id, units ORDER BY position) AS place
    FROM unnest(%(items)b::uuid[], %(mosts)b::bigint[]) AS free (item_id, most)
    JOIN waiting USING (item_id)
    WHERE waiting.organization_id = %(organization)s AND waiting.units <= free.most
) AS waits
WHERE (place - 1) * units < most
ORDER BY position"""

_NEXT_POSITIONS = "SELECT nextval('waiting_position') AS position FROM generate_series(1, %s)"

_SET_WAITING = """
INSERT INTO waiting (organization_id, item_id, warehouse_id, demand_id, position, units)
SELECT %(organization)s, item_id, warehouse_id, demand_id, position, units
FROM unnest(
    %(items)b::uuid[], %(warehouses)b::uuid[], %(demands)b::uuid[], %(positions)b::bigint[], %(units)b::bigint[]
) AS row (item_id, warehouse_id, demand_id, position, units)
ON CONFLICT (organization_id, item_id, warehouse_id, demand_id)
DO UPDATE SET position = excluded.position, units = excluded.units"""

_DELETE_WAITING = """
DELETE FROM waiting
USING unnest(%(items)b::uuid[], %(warehouses)b::uuid[], %(demands)b::uuid[]) AS gone (item_id, warehouse_id, demand_id)
WHERE waiting.organization_id = %(organization)s AND waiting.item_id = gone.item_id
    AND waiting.warehouse_id = gone.warehouse_id AND waiting.demand_id = gone.demand_id"""

_INSERT_WAKES = """
INSERT INTO wakes (organization_id, item_id)
SELECT %(organization)s, came.item_id
FROM unnest(%(items)b::uuid[], %(mosts)b::bigint[]) AS came (item_id, most)
WHERE EXISTS (
    SELECT FROM waiting
    WHERE organization_id = %(organization)s AND waiting.item_id = came.item_id
        AND (came.most IS NULL OR units <= came.most)
)"""

# Of each item, in all open warehouses together and in each by itself.
_AVAILABLE = f"""
    SELECT item_id, coalesce(warehouse_id, '{ANYWHERE}') AS warehouse_id,
        sum(greatest(on_hand - reserved - damaged - quarantined - levels.safety_stock, 0))
            - CASE WHEN warehouse_id IS NULL THEN min(items.safety_stock) ELSE 0 END AS available
    FROM levels
    JOIN items ON items.organization_id = levels.organization_id AND items.id = levels.item_id
    JOIN warehouses ON warehouses.organization_id = levels.organization_id AND warehouses.id = levels.warehouse_id
    WHERE levels.organization_id = %(organization)s AND open AND item_id IN (SELECT item_id FROM waited_for)
    GROUP BY GROUPING SETS ((item_id), (item_id, warehouse_id))
"""

_SWEEP = f"""
WITH waited_for AS MATERIALIZED (
    SELECT item_id, warehouse_id, min(units) AS least
    FROM waiting WHERE organization_id = %(organization)s GROUP BY item_id, warehouse_id
), there AS ({_AVAILABLE})
INSERT INTO wakes (organization_id, item_id)
SELECT DISTINCT %(organization)s::uuid, item_id
FROM waited_for JOIN there USING (item_id, warehouse_id) WHERE least <= available"""

_WAKE_FOR_WAREHOUSE = """
INSERT INTO wakes (organization_id, item_id)
SELECT DISTINCT waiting.organization_id, waiting.item_id
FROM waiting JOIN levels USING (organization_id, item_id)
WHERE waiting.organization_id = %(organization)s AND levels.warehouse_id = %(warehouse)s
    AND on_hand - reserved - damaged - quarantined > safety_stock"""

_WAKES = "SELECT id, item_id FROM wakes WHERE organization_id = %s ORDER BY id LIMIT %s"

_NOTICES = """
SELECT notices.id, demand_id, jsonb_array_length(lines) AS lines
FROM notices JOIN demands ON demands.organization_id = notices.organization_id AND demands.id = demand_id
WHERE notices.organization_id = %s
ORDER BY notices.id
LIMIT %s"""

_FIRST_IN_TURN = f"""
WITH waited_for AS MATERIALIZED (
    SELECT DISTINCT unnest(%(items)b::uuid[]) AS item_id
), there AS ({_AVAILABLE}), in_turn AS (
    SELECT demand_id, min(position) AS position
    FROM waiting JOIN there USING (item_id, warehouse_id)
    WHERE organization_id = %(organization)s AND units <= available
    GROUP BY demand_id
    ORDER BY min(position)
    LIMIT %(limit)s
)
SELECT demand_id, jsonb_array_length(lines) AS lines
FROM in_turn JOIN demands ON organization_id = %(organization)s AND id = demand_id
ORDER BY position"""

_DELETE_WAKES = "DELETE FROM wakes WHERE organization_id = %s AND id = ANY(%s)"

_DELETE_NOTICES = "DELETE FROM notices WHERE organization_id = %s AND id = ANY(%s)"

_ORGANIZATIONS_WITH_WORK = """
SELECT organization_id FROM wakes UNION SELECT organization_id FROM notices"""

_ORGANIZATIONS_WAITING = "SELECT DISTINCT organization_id FROM waiting"

# Who waits for one warehouse knows of those that were open: another one may have all that it wants, and this one may be
# closed. Once is enough: the worker reads the warehouses as they are when it comes.
_NOTICE_THOSE_WHO_WAIT_FOR_ONE = f"""
INSERT INTO notices (organization_id, demand_id)
SELECT DISTINCT organization_id, demand_id FROM waiting
WHERE organization_id = %s AND warehouse_id <> '{ANYWHERE}' AND NOT EXISTS (
    SELECT FROM notices
    WHERE notices.organization_id = waiting.organization_id AND notices.demand_id = waiting.demand_id
)"""

_INSERT_NOTICES = "INSERT INTO notices (organization_id, demand_id) SELECT %s, unnest(%s::uuid[])"


async def select_waiting(
    tx: Transaction, ids: Collection[UUID], most: Mapping[UUID, int]
) -> list[tuple[UUID, UUID, UUID, int, int]]:
    """(item, warehouse, demand, position, units) of these demands, and of the others that come into question for `most`
    units of an item; who has waited longest first."""
    values = {"organization": tx.organization, "ids": list(ids), "items": list(most), "mosts": list(most.values())}
    rows = await (await tx.execute(_WAITING, values, binary=True)).fetchall()
    return [tuple(row) for row in rows]


async def next_positions(tx: Transaction, number: int) -> list[int]:
    """So many places at the end of the queue."""
    return [row.position for row in await (await tx.execute(_NEXT_POSITIONS, (number,))).fetchall()]


async def set_waiting(tx: Transaction, rows: Iterable[tuple[UUID, UUID, UUID, int, int]]) -> None:
    """Write rows (item, warehouse, demand, position, units) of the queue."""
    names = ("items", "warehouses", "demands", "positions", "units")
    values = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    await tx.execute(_SET_WAITING, {"organization": tx.organization, **values})


async def delete_waiting(tx: Transaction, rows: Iterable[tuple[UUID, UUID, UUID]]) -> None:
    """Take (item, warehouse, demand) out of the queue."""
    names = ("items", "warehouses", "demands")
    values = {name: list(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    await tx.execute(_DELETE_WAITING, {"organization": tx.organization, **values})


async def insert_notices(tx: Transaction, demands: Collection[UUID]) -> None:
    """Leave word that these demands lost units."""
    await tx.execute(_INSERT_NOTICES, (tx.organization, list(demands)))


async def notice_those_who_wait_for_one(tx: Transaction) -> None:
    """Leave word that those who wait for units in one warehouse are to be tried again."""
    await tx.execute(_NOTICE_THOSE_WHO_WAIT_FOR_ONE, (tx.organization,))


async def insert_wakes(tx: Transaction, most: Mapping[UUID, int | None]) -> None:
    """Leave word that so many units of these items are there (None: nobody knows), where somebody waits for no more."""
    values = {"organization": tx.organization, "items": list(most), "mosts": list(most.values())}
    await tx.execute(_INSERT_WAKES, values)


async def wake_for_warehouse(tx: Transaction, warehouse_id: UUID) -> None:
    """Leave word that what is available in this warehouse may be had."""
    await tx.execute(_WAKE_FOR_WAREHOUSE, {"organization": tx.organization, "warehouse": warehouse_id})


async def sweep(tx: Transaction) -> int:
    """Leave word of every item of which more is available than somebody waits for; of how many."""
    return (await tx.execute(_SWEEP, {"organization": tx.organization})).rowcount


async def select_wakes(tx: Transaction, limit: int) -> dict[int, UUID]:
    """The oldest word that was left: id -> item."""
    return {row.id: row.item_id for row in await (await tx.execute(_WAKES, (tx.organization, limit))).fetchall()}


class Notice(NamedTuple):
    """A demand, of so many lines, lost units."""

    id: int
    demand_id: UUID
    lines: int


async def select_notices(tx: Transaction, limit: int) -> list[Notice]:
    """The oldest notices."""
    return [Notice(*row) for row in await (await tx.execute(_NOTICES, (tx.organization, limit))).fetchall()]


async def first_in_turn(tx: Transaction, items: Collection[UUID], limit: int) -> list[tuple[UUID, int]]:
    """Demands (with the number of their lines) that wait for one of these items and could have it, who has waited
    longest first."""
    values = {"organization": tx.organization, "items": list(items), "limit": limit}
    return [(row.demand_id, row.lines) for row in await (await tx.execute(_FIRST_IN_TURN, values)).fetchall()]


async def delete_wakes(tx: Transaction, ids: Collection[int]) -> None:
    """Take away word that was acted on."""
    await tx.execute(_DELETE_WAKES, (tx.organization, list(ids)))


async def delete_notices(tx: Transaction, ids: Collection[int]) -> None:
    """Take away notices that were acted on."""
    await tx.execute(_DELETE_NOTICES, (tx.organization, list(ids)))


async def organizations_with_work(finder: Connection) -> list[UUID]:
    """Organisations where somebody is to be served or told."""
    return [row[0] for row in await (await finder.execute(_ORGANIZATIONS_WITH_WORK)).fetchall()]


async def organizations_waiting(finder: Connection) -> list[UUID]:
    """Organisations where somebody waits."""
    return [row[0] for row in await (await finder.execute(_ORGANIZATIONS_WAITING)).fetchall()]
