"""Statements on demands and reservations. Each serves a whole batch."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.reservations.demand import Demand, Line, Owner, Reservation
from inventory.stock.level import Balance

_INSERT_DEMANDS = """
INSERT INTO demands (
    organization_id, id, owner, version, revision, closed, lines, create_time, update_time, expire_time
)
SELECT %(organization)s, id, owner, version, revision, closed, lines::jsonb, %(time)s, %(time)s, now() + ttl
FROM unnest(
    %(ids)b::uuid[], %(owners)b::text[], %(versions)b::bigint[], %(revisions)b::bigint[], %(closed)b::boolean[],
    %(lines)b::text[], %(ttls)b::interval[]
) AS demand (id, owner, version, revision, closed, lines, ttl)
ORDER BY id
ON CONFLICT DO NOTHING
RETURNING id"""

_DEMANDS = """
SELECT id, owner, version, revision, closed, lines, expire_time, expired, held_off FROM demands
WHERE organization_id = %(organization)s AND id = ANY(%(ids)b)
ORDER BY id"""

_DEMAND_SIZES = """
SELECT id, jsonb_array_length(lines) AS lines FROM demands
WHERE organization_id = %(organization)s
    AND (%(only)s::uuid IS NULL OR id = %(only)s)
    AND (%(after)s::uuid IS NULL OR id > %(after)s)
ORDER BY id
LIMIT %(limit)s"""

_LOCK_DEMANDS = _DEMANDS + " FOR NO KEY UPDATE"

_UPDATE_DEMANDS = """
UPDATE demands
SET owner = demand.owner, version = demand.version, revision = demand.revision, closed = demand.closed,
    lines = demand.lines::jsonb, expire_time = demand.expire_time, expired = demand.expired,
    held_off = demand.held_off, update_time = %(time)s
FROM unnest(
    %(ids)b::uuid[], %(owners)b::text[], %(versions)b::bigint[], %(revisions)b::bigint[], %(closed)b::boolean[],
    %(lines)b::text[], %(expire_times)b::timestamptz[], %(expired)b::boolean[], %(held_off)b::boolean[]
) AS demand (id, owner, version, revision, closed, lines, expire_time, expired, held_off)
WHERE demands.organization_id = %(organization)s AND demands.id = demand.id"""

_DELETE_DEMANDS = "DELETE FROM demands WHERE organization_id = %(organization)s AND id = ANY(%(ids)b)"

_RESERVATIONS = """
SELECT id, demand_id, line_id, item_id, warehouse_id, quantity, consumed, released, why FROM reservations
WHERE organization_id = %(organization)s AND demand_id = ANY(%(ids)b)
ORDER BY id"""

# What the levels hold, what is held back of their items, and whether anybody waits for them.
_BALANCES = """
SELECT item_id, warehouse_id, on_hand, reserved, damaged, quarantined, items.safety_stock,
    levels.safety_stock AS held_back,
    EXISTS (
        SELECT FROM waiting
        WHERE waiting.organization_id = %(organization)s AND waiting.item_id = levels.item_id
    ) AS waited_for
FROM levels JOIN unnest(%(items)b::uuid[], %(warehouses)b::uuid[]) AS place (item_id, warehouse_id)
    USING (item_id, warehouse_id)
JOIN items ON items.organization_id = %(organization)s AND items.id = levels.item_id
WHERE levels.organization_id = %(organization)s"""

_ACTIVE_AT = """
SELECT id, demand_id, line_id, item_id, warehouse_id, quantity, consumed, released, why,
    coalesce((
        SELECT (line ->> 'claimed')::bigint FROM demands, jsonb_array_elements(demands.lines) AS line
        WHERE demands.organization_id = reservations.organization_id AND demands.id = reservations.demand_id
            AND line ->> 'line_id' = reservations.line_id
    ), 0) AS claimed
FROM reservations JOIN unnest(%(items)b::uuid[], %(warehouses)b::uuid[]) AS place (item_id, warehouse_id)
    USING (item_id, warehouse_id)
WHERE organization_id = %(organization)s AND active AND demand_id <> ALL(%(ids)b::uuid[])
ORDER BY id"""

_INSERT_RESERVATIONS = """
INSERT INTO reservations (
    organization_id, demand_id, line_id, item_id, warehouse_id, quantity, consumed, released, why
)
SELECT %(organization)s, demand_id, line_id, item_id, warehouse_id, quantity, consumed, released, why
FROM unnest(
    %(demands)b::uuid[], %(lines)b::text[], %(items)b::uuid[], %(warehouses)b::uuid[],
    %(quantities)b::bigint[], %(consumed)b::bigint[], %(released)b::bigint[], %(whys)b::text[]
) WITH ORDINALITY AS row (demand_id, line_id, item_id, warehouse_id, quantity, consumed, released, why, n)
ORDER BY n"""

_UPDATE_RESERVATIONS = """
UPDATE reservations
SET quantity = row.quantity, consumed = row.consumed, released = row.released, why = row.why
FROM unnest(
    %(ids)b::bigint[], %(demands)b::uuid[], %(quantities)b::bigint[], %(consumed)b::bigint[], %(released)b::bigint[],
    %(whys)b::text[]
) AS row (id, demand_id, quantity, consumed, released, why)
WHERE reservations.organization_id = %(organization)s
    AND reservations.demand_id = row.demand_id AND reservations.id = row.id"""


async def insert_demands(
    tx: Transaction, demands: Sequence[Demand], ttls: Mapping[UUID, timedelta], time: datetime
) -> set[UUID]:
    """Make those that are not there, in one order everywhere; the ids of those that were made."""
    values = _columns(tx, demands, time) | {"ttls": [ttls.get(demand.id) for demand in demands]}
    rows = await (await tx.execute(_INSERT_DEMANDS, values, binary=True)).fetchall()
    return {row.id for row in rows}


async def lock_demands(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, Demand]:
    """Lock the demands, in one order everywhere, and read them."""
    return await _demands(tx, _LOCK_DEMANDS, ids)


async def select_demand(tx: Transaction, demand_id: UUID) -> Demand | None:
    """A demand, not locked."""
    return (await _demands(tx, _DEMANDS, [demand_id])).get(demand_id)


async def select_demand_sizes(
    tx: Transaction, only: UUID | None, after: UUID | None, limit: int
) -> list[tuple[UUID, int]]:
    """Ids of demands in their order, after this one; only this one. With the number of lines of each."""
    values = {"organization": tx.organization, "only": only, "after": after, "limit": limit}
    rows = await (await tx.execute(_DEMAND_SIZES, values, binary=True)).fetchall()
    return [(row.id, row.lines) for row in rows]


async def update_demands(tx: Transaction, demands: Sequence[Demand], time: datetime) -> None:
    """Bring locked demands to this state."""
    ends = {
        "expire_times": [demand.expire_time for demand in demands],
        "expired": [demand.expired for demand in demands],
        "held_off": [demand.held_off for demand in demands],
    }
    await tx.execute(_UPDATE_DEMANDS, _columns(tx, demands, time) | ends)


async def delete_demands(tx: Transaction, ids: Collection[UUID]) -> None:
    """Take back demands that this transaction made."""
    await tx.execute(_DELETE_DEMANDS, {"organization": tx.organization, "ids": list(ids)})


async def select_reservations(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, list[Reservation]]:
    """All reservations of these demands, also those that ended, oldest first."""
    found: dict[UUID, list[Reservation]] = {}
    rows = await tx.execute(_RESERVATIONS, {"organization": tx.organization, "ids": list(ids)}, binary=True)
    for row in await rows.fetchall():
        found.setdefault(row.demand_id, []).append(Reservation(*row))
    return found


class Shelves(NamedTuple):
    """What levels hold, by (item, warehouse), and what is held back there; units per item that are held back of all;
    items that somebody waits for."""

    levels: dict[tuple[UUID, UUID], Balance]
    held_back_at: dict[tuple[UUID, UUID], int]
    safety_stock: dict[UUID, int]
    waited_for: set[UUID]


async def select_shelves(tx: Transaction, places: Collection[tuple[UUID, UUID]]) -> Shelves:
    """What is known of these (item, warehouse)."""
    values = {
        "organization": tx.organization,
        "items": [item_id for item_id, _ in places],
        "warehouses": [warehouse_id for _, warehouse_id in places],
    }
    rows = await (await tx.execute(_BALANCES, values, binary=True)).fetchall()
    return Shelves(
        {(row.item_id, row.warehouse_id): Balance(*row[2:6]) for row in rows},
        {(row.item_id, row.warehouse_id): row.held_back for row in rows if row.held_back},
        {row.item_id: row.safety_stock for row in rows},
        {row.item_id for row in rows if row.waited_for},
    )


async def select_active_at(
    tx: Transaction, places: Collection[tuple[UUID, UUID]], without: Collection[UUID]
) -> list[tuple[Reservation, int]]:
    """The ACTIVE reservations at these (item, warehouse), and how many units of their line are claimed."""
    values = {
        "organization": tx.organization,
        "items": [item_id for item_id, _ in places],
        "warehouses": [warehouse_id for _, warehouse_id in places],
        "ids": list(without),
    }
    rows = await (await tx.execute(_ACTIVE_AT, values, binary=True)).fetchall()
    return [(Reservation(*row[:-1]), row.claimed) for row in rows]


async def insert_reservations(tx: Transaction, reservations: Sequence[Reservation]) -> None:
    """Add reservations; their ids grow in this order."""
    values = {
        "organization": tx.organization,
        "demands": [row.demand_id for row in reservations],
        "lines": [row.line_id for row in reservations],
        "items": [row.item_id for row in reservations],
        "warehouses": [row.warehouse_id for row in reservations],
        **_quantities(reservations),
    }
    await tx.execute(_INSERT_RESERVATIONS, values)


async def update_reservations(tx: Transaction, reservations: Collection[Reservation]) -> None:
    """Write what changed of saved reservations."""
    values = {
        "organization": tx.organization,
        "ids": [row.id for row in reservations],
        "demands": [row.demand_id for row in reservations],
        **_quantities(reservations),
    }
    await tx.execute(_UPDATE_RESERVATIONS, values)


async def _demands(tx: Transaction, statement: str, ids: Collection[UUID]) -> dict[UUID, Demand]:
    rows = await tx.execute(statement, {"organization": tx.organization, "ids": list(ids)}, binary=True)
    return {row.id: _demand(row) for row in await rows.fetchall()}


def _demand(row: Any) -> Demand:
    lines = tuple(Line(line["line_id"], UUID(line["item_id"]), line["wanted"], line["claimed"]) for line in row.lines)
    ends = (row.expire_time, row.expired, row.held_off)
    return Demand(row.id, Owner(row.owner), row.version, row.revision, row.closed, lines, *ends)


def _columns(tx: Transaction, demands: Sequence[Demand], time: datetime) -> dict[str, Any]:
    return {
        "organization": tx.organization,
        "time": time,
        "ids": [demand.id for demand in demands],
        "owners": [demand.owner.value for demand in demands],
        "versions": [demand.version for demand in demands],
        "revisions": [demand.revision for demand in demands],
        "closed": [demand.closed for demand in demands],
        "lines": [_json(demand.lines) for demand in demands],
    }


def _json(lines: Iterable[Line]) -> str:
    return json.dumps(
        [
            {"line_id": line.line_id, "item_id": str(line.item_id), "wanted": line.wanted, "claimed": line.claimed}
            for line in lines
        ]
    )


def _quantities(reservations: Iterable[Reservation]) -> dict[str, Any]:
    rows = list(reservations)
    return {
        "quantities": [row.quantity for row in rows],
        "consumed": [row.consumed for row in rows],
        "released": [row.released for row in rows],
        "whys": [row.why for row in rows],
    }
