"""Statements on levels and the ledger. `ledger.py` alone moves units by them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.stock.level import Balance, Entry, Kind, Level, LowItem, Movement

_INSERT_MISSING = """
INSERT INTO levels (organization_id, item_id, warehouse_id)
SELECT %(organization)s, place.item_id, place.warehouse_id
FROM unnest(%(items)b::uuid[], %(warehouses)b::uuid[]) AS place (item_id, warehouse_id)
JOIN items ON items.organization_id = %(organization)s AND items.id = place.item_id
ORDER BY place.item_id, place.warehouse_id
ON CONFLICT DO NOTHING"""

_LOCK = """
SELECT FROM levels JOIN unnest(%(items)b::uuid[], %(warehouses)b::uuid[]) AS place (item_id, warehouse_id)
    USING (item_id, warehouse_id)
WHERE organization_id = %(organization)s
ORDER BY item_id, warehouse_id
FOR NO KEY UPDATE OF levels"""

_LOCK_OF_ITEM = """
SELECT FROM levels WHERE organization_id = %s AND item_id = %s ORDER BY warehouse_id FOR NO KEY UPDATE"""

_BALANCES = """
SELECT item_id, warehouse_id, on_hand, reserved, damaged, quarantined
FROM levels JOIN unnest(%(items)b::uuid[], %(warehouses)b::uuid[]) AS place (item_id, warehouse_id)
    USING (item_id, warehouse_id)
WHERE organization_id = %(organization)s"""

_UPDATE_SAFETY_STOCK = """
UPDATE levels SET safety_stock = %s WHERE organization_id = %s AND item_id = %s AND warehouse_id = %s"""

# One statement moves the levels and explains it: a row's balance is the level's new one less what later rows move.
# A movement of a level that does not exist has none, which the ledger refuses.
_POST = """
WITH moved AS MATERIALIZED (
    SELECT * FROM unnest(
        %(kinds)b::text[], %(items)b::uuid[], %(warehouses)b::uuid[],
        %(on_hand)b::bigint[], %(reserved)b::bigint[], %(damaged)b::bigint[], %(quarantined)b::bigint[],
        %(causes)b::text[], %(demands)b::uuid[], %(actors)b::text[], %(impersonators)b::text[], %(notes)b::text[]
    ) WITH ORDINALITY AS moved (
        kind, item_id, warehouse_id, on_hand, reserved, damaged, quarantined,
        cause, demand_id, actor, impersonator, note, n
    )
), changed AS (
    UPDATE levels
    SET on_hand = levels.on_hand + total.on_hand, reserved = levels.reserved + total.reserved,
        damaged = levels.damaged + total.damaged, quarantined = levels.quarantined + total.quarantined,
        count_due = (count_due OR total.found) AND NOT total.counted, update_time = %(time)s
    FROM (
        SELECT item_id, warehouse_id, sum(on_hand)::bigint AS on_hand, sum(reserved)::bigint AS reserved,
            sum(damaged)::bigint AS damaged, sum(quarantined)::bigint AS quarantined,
            bool_or(kind = 'FOUND') AS found, bool_or(kind = 'COUNTED') AS counted
        FROM moved GROUP BY item_id, warehouse_id
    ) AS total
    WHERE levels.organization_id = %(organization)s
        AND levels.item_id = total.item_id AND levels.warehouse_id = total.warehouse_id
    RETURNING levels.item_id, levels.warehouse_id,
        levels.on_hand, levels.reserved, levels.damaged, levels.quarantined
)
INSERT INTO ledger (
    organization_id, item_id, warehouse_id, kind, on_hand_delta, reserved_delta, damaged_delta, quarantined_delta,
    on_hand_after, reserved_after, damaged_after, quarantined_after,
    cause, demand_id, actor, impersonator, note, time
)
SELECT %(organization)s, item_id, warehouse_id, kind, moved.on_hand, moved.reserved, moved.damaged, moved.quarantined,
    changed.on_hand - coalesce(sum(moved.on_hand) OVER later, 0)::bigint,
    changed.reserved - coalesce(sum(moved.reserved) OVER later, 0)::bigint,
    changed.damaged - coalesce(sum(moved.damaged) OVER later, 0)::bigint,
    changed.quarantined - coalesce(sum(moved.quarantined) OVER later, 0)::bigint,
    cause, demand_id, actor, impersonator, note, %(time)s
FROM moved LEFT JOIN changed USING (item_id, warehouse_id)
WINDOW later AS (PARTITION BY item_id, warehouse_id ORDER BY n ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
ORDER BY n"""

_LEVELS = """
SELECT item_id, sku, warehouse_id, code AS warehouse_code, on_hand, reserved, damaged, quarantined, update_time,
    count_due, levels.safety_stock
FROM items
JOIN levels ON levels.organization_id = items.organization_id AND levels.item_id = items.id
JOIN warehouses ON warehouses.organization_id = levels.organization_id AND warehouses.id = levels.warehouse_id
WHERE items.organization_id = %(organization)s
    AND (%(item)s::uuid IS NULL OR items.id = %(item)s)
    AND (%(warehouse)s::uuid IS NULL OR warehouse_id = %(warehouse)s)
    AND (count_due OR NOT %(count_due)s)
    AND (%(sku)s::text IS NULL OR (sku >= %(sku)s AND (sku, code) > (%(sku)s, %(code)s)))
ORDER BY sku, code
LIMIT %(limit)s"""

# A level as its latest movement until then left it: the ledger is walked back from now to there, 180,000 movements of
# one level in 0.1 s (measured). No index by time: each movement would pay for it.
_LEVELS_AS_OF = """
SELECT levels.item_id, sku, levels.warehouse_id, code AS warehouse_code, on_hand_after AS on_hand,
    reserved_after AS reserved, damaged_after AS damaged, quarantined_after AS quarantined, time AS update_time,
    false AS count_due, 0 AS safety_stock
FROM items
JOIN levels ON levels.organization_id = items.organization_id AND levels.item_id = items.id
JOIN warehouses ON warehouses.organization_id = levels.organization_id AND warehouses.id = levels.warehouse_id
CROSS JOIN LATERAL (
    SELECT on_hand_after, reserved_after, damaged_after, quarantined_after, time FROM ledger
    WHERE ledger.organization_id = levels.organization_id AND ledger.item_id = levels.item_id
        AND ledger.warehouse_id = levels.warehouse_id AND time <= %(as_of)s
    ORDER BY position DESC
    LIMIT 1
) AS moved
WHERE items.organization_id = %(organization)s
    AND (%(item)s::uuid IS NULL OR items.id = %(item)s)
    AND (%(warehouse)s::uuid IS NULL OR levels.warehouse_id = %(warehouse)s)
    AND (%(sku)s::text IS NULL OR (sku >= %(sku)s AND (sku, code) > (%(sku)s, %(code)s)))
ORDER BY sku, code
LIMIT %(limit)s"""

# One row for an item and a warehouse that exist, moved or not; none where either does not.
_LEVEL = """
SELECT items.id AS item_id, sku, warehouses.id AS warehouse_id, code AS warehouse_code,
    coalesce(on_hand, 0) AS on_hand, coalesce(reserved, 0) AS reserved, coalesce(damaged, 0) AS damaged,
    coalesce(quarantined, 0) AS quarantined, update_time, coalesce(count_due, false) AS count_due,
    coalesce(levels.safety_stock, 0) AS safety_stock
FROM items
JOIN warehouses ON warehouses.organization_id = items.organization_id
LEFT JOIN levels ON levels.organization_id = items.organization_id
    AND levels.item_id = items.id AND levels.warehouse_id = warehouses.id
WHERE items.organization_id = %(organization)s AND items.id = %(item)s AND warehouses.id = %(warehouse)s
    AND NOT (archived AND %(in_use)s AND coalesce(on_hand, 0) = 0)"""

_LOW_ITEMS = """
SELECT id, sku, name, available, safety_stock, reorder_point
FROM items
CROSS JOIN LATERAL (
    SELECT coalesce(sum(on_hand - reserved - damaged - quarantined), 0)::bigint AS available
    FROM levels JOIN warehouses
        ON warehouses.organization_id = levels.organization_id AND warehouses.id = levels.warehouse_id
    WHERE levels.organization_id = items.organization_id AND levels.item_id = items.id AND open
) AS there
WHERE organization_id = %(organization)s AND reorder_point > 0 AND available <= reorder_point
    AND (%(after)s::text IS NULL OR sku > %(after)s)
ORDER BY sku
LIMIT %(limit)s"""

_ENTRIES = """
SELECT position, kind, on_hand_delta, reserved_delta, damaged_delta, quarantined_delta,
    on_hand_after, reserved_after, damaged_after, quarantined_after, cause, demand_id, actor, note, time
FROM ledger
WHERE organization_id = %(organization)s AND item_id = %(item)s AND warehouse_id = %(warehouse)s
    AND (%(before)s::bigint IS NULL OR position < %(before)s)
    AND (%(as_of)s::timestamptz IS NULL OR time <= %(as_of)s)
ORDER BY position DESC
LIMIT %(limit)s"""


async def insert_missing_levels(tx: Transaction, places: Iterable[tuple[UUID, UUID]]) -> None:
    """Make the levels that are not there; an item that does not exist gets none."""
    await tx.execute(_INSERT_MISSING, _places(tx, places))


async def lock(tx: Transaction, places: Iterable[tuple[UUID, UUID]]) -> None:
    """Lock the levels, in one order everywhere."""
    await tx.execute(_LOCK, _places(tx, places))


async def lock_levels_of(tx: Transaction, item_id: UUID) -> None:
    """Lock all levels of an item, in the same order."""
    await tx.execute(_LOCK_OF_ITEM, (tx.organization, item_id))


async def balances(tx: Transaction, places: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Balance]:
    """What the levels hold."""
    rows = await (await tx.execute(_BALANCES, _places(tx, places), binary=True)).fetchall()
    return {(row.item_id, row.warehouse_id): Balance(*row[2:]) for row in rows}


async def update_safety_stock(tx: Transaction, place: tuple[UUID, UUID], units: int) -> None:
    """Hold so many units of a locked level back."""
    await tx.execute(_UPDATE_SAFETY_STOCK, (units, tx.organization, *place))


async def insert_movements(tx: Transaction, movements: Sequence[Movement], time: datetime) -> None:
    """Change the levels and write the ledger."""
    values = {
        "organization": tx.organization,
        "time": time,
        "kinds": [move.kind.value for move in movements],
        "items": [move.item_id for move in movements],
        "warehouses": [move.warehouse_id for move in movements],
        "on_hand": [move.on_hand for move in movements],
        "reserved": [move.reserved for move in movements],
        "damaged": [move.damaged for move in movements],
        "quarantined": [move.quarantined for move in movements],
        "causes": [move.cause for move in movements],
        "demands": [move.demand_id for move in movements],
        "actors": [move.mover.actor for move in movements],
        "impersonators": [move.mover.impersonator for move in movements],
        "notes": [move.note for move in movements],
    }
    await tx.execute(_POST, values)


async def select_levels(
    tx: Transaction,
    item: UUID | None,
    warehouse: UUID | None,
    after: tuple[str, str] | None,
    limit: int,
    *,
    count_due: bool = False,
    as_of: datetime | None = None,
) -> list[Level]:
    """Levels by SKU and code of the warehouse, after this pair; only those to be counted, or as they were then."""
    sku, code = after or (None, None)
    values = {"organization": tx.organization, "item": item, "warehouse": warehouse, "sku": sku, "code": code}
    only = {"count_due": count_due} if as_of is None else {"as_of": as_of}
    statement = _LEVELS if as_of is None else _LEVELS_AS_OF
    rows = await tx.execute(statement, {**values, **only, "limit": limit}, binary=True)
    return [_level(row) for row in await rows.fetchall()]


async def select_level(tx: Transaction, item: UUID, warehouse: UUID, *, in_use: bool) -> Level | None:
    """One level; all zero when nothing ever moved, None where the item or the warehouse is not there.

    `in_use`: None also where the warehouse is archived and holds none of the item.
    """
    values = {"organization": tx.organization, "item": item, "warehouse": warehouse, "in_use": in_use}
    row = await (await tx.execute(_LEVEL, values, binary=True)).fetchone()
    return _level(row) if row else None


async def select_low_items(tx: Transaction, after: str | None, limit: int) -> list[LowItem]:
    """Items of which no more are available than their reorder point, by SKU after this one."""
    values = {"organization": tx.organization, "after": after, "limit": limit}
    return [LowItem(*row) for row in await (await tx.execute(_LOW_ITEMS, values, binary=True)).fetchall()]


async def select_entries(
    tx: Transaction, item: UUID, warehouse: UUID, before: int | None, limit: int, *, as_of: datetime | None = None
) -> list[Entry]:
    """Rows of a level's ledger before a position, latest first; only those until then."""
    values = {"item": item, "warehouse": warehouse, "before": before, "limit": limit, "as_of": as_of}
    rows = await tx.execute(_ENTRIES, {"organization": tx.organization, **values}, binary=True)
    return [
        Entry(
            position=row.position,
            kind=Kind(row.kind),
            delta=Balance(row.on_hand_delta, row.reserved_delta, row.damaged_delta, row.quarantined_delta),
            after=Balance(row.on_hand_after, row.reserved_after, row.damaged_after, row.quarantined_after),
            cause=row.cause,
            demand_id=row.demand_id,
            actor=row.actor,
            note=row.note,
            time=row.time,
        )
        for row in await rows.fetchall()
    ]


def _places(tx: Transaction, places: Iterable[tuple[UUID, UUID]]) -> dict[str, Any]:
    pairs = list(places)
    return {
        "organization": tx.organization,
        "items": [item_id for item_id, _ in pairs],
        "warehouses": [warehouse_id for _, warehouse_id in pairs],
    }


def _level(row: Any) -> Level:
    balance = Balance(row.on_hand, row.reserved, row.damaged, row.quarantined)
    return Level(
        row.item_id,
        row.sku,
        row.warehouse_id,
        row.warehouse_code,
        balance,
        row.update_time,
        row.count_due,
        row.safety_stock,
    )
