"""Statements on organisations and warehouses."""

from collections.abc import Collection
from dataclasses import astuple
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from chassis.database.transaction import Transaction
from inventory.warehouses.sourcing import Rule, Sourcing
from inventory.warehouses.warehouse import Warehouse

_COLUMNS = "id, code, name, is_default, open, priority, create_time, version, archived, address"

_INSERT_ORGANIZATION = """
INSERT INTO organizations (organization_id, create_time) VALUES (%s, %s) ON CONFLICT DO NOTHING"""

_INSERT = f"""
INSERT INTO warehouses (organization_id, {_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (organization_id, code) DO NOTHING"""

_ALL = f"SELECT {_COLUMNS} FROM warehouses WHERE organization_id = %s ORDER BY priority, code"

# Archived, and yet units are there: they came back.
_HOLDING = """
SELECT id FROM warehouses
WHERE organization_id = %s AND archived AND EXISTS (
    SELECT FROM levels
    WHERE levels.organization_id = warehouses.organization_id AND warehouse_id = warehouses.id AND on_hand > 0
)"""

# Until the commit none of them is changed, and none is made. With each, the items that have no level there yet.
_SHARE = """
SELECT id, code, name, is_default, open, priority, warehouses.create_time, version,
    warehouse_count, sourcing, take_partly, sourcing_version, now() AS now, ARRAY(
    SELECT item_id FROM unnest(%(items)b::uuid[]) AS wanted (item_id)
    WHERE NOT EXISTS (
        SELECT FROM levels
        WHERE organization_id = %(organization)s AND levels.item_id = wanted.item_id AND warehouse_id = warehouses.id
    )
) AS without
FROM organizations JOIN warehouses USING (organization_id) WHERE organization_id = %(organization)s
FOR SHARE"""

_COUNT_ONE_MORE = "UPDATE organizations SET warehouse_count = warehouse_count + 1 WHERE organization_id = %s"

_DEFAULT = "SELECT id FROM warehouses WHERE organization_id = %s AND is_default"

_LOCK = f"SELECT {_COLUMNS} FROM warehouses WHERE organization_id = %s AND id = %s FOR NO KEY UPDATE"

# Whoever makes a level there holds the row until the commit: this waits for them.
_LOCK_ALONE = f"SELECT {_COLUMNS} FROM warehouses WHERE organization_id = %s AND id = %s FOR UPDATE"

_LOCK_LEVELS_OF = """
SELECT on_hand FROM levels WHERE organization_id = %s AND warehouse_id = %s ORDER BY item_id FOR NO KEY UPDATE"""

_UPDATE = f"""
UPDATE warehouses
SET name = %s, open = %s, priority = %s, archived = %s, address = %s, version = version + 1
WHERE organization_id = %s AND id = %s
RETURNING {_COLUMNS}"""

_SOURCING = "SELECT sourcing, take_partly, sourcing_version FROM organizations WHERE organization_id = %s"

_LOCK_SOURCING = _SOURCING + " FOR NO KEY UPDATE"

_UPDATE_SOURCING = """
UPDATE organizations SET sourcing = %s, take_partly = %s, sourcing_version = %s WHERE organization_id = %s"""


async def insert_organization(tx: Transaction, time: datetime) -> bool:
    """Record the transaction's organisation; False when it is known."""
    return (await tx.execute(_INSERT_ORGANIZATION, (tx.organization, time))).rowcount > 0


async def count_one_more(tx: Transaction) -> bool:
    """Wait for reservations in flight, which know of no warehouse that is made now; False: no such organisation."""
    return (await tx.execute(_COUNT_ONE_MORE, (tx.organization,))).rowcount > 0


async def insert_warehouse(tx: Transaction, new: Warehouse) -> bool:
    """Add a warehouse; False when its code is taken."""
    return (await tx.execute(_INSERT, (tx.organization, *astuple(new)[:-1], _json(new)))).rowcount > 0


async def select_warehouses(tx: Transaction) -> tuple[Warehouse, ...]:
    """All warehouses, in the order in which stock is taken."""
    rows: list[Any] = await (await tx.execute(_ALL, (tx.organization,), binary=True)).fetchall()
    return tuple(Warehouse(*row) for row in rows)


async def archived_that_hold_units(tx: Transaction) -> set[UUID]:
    """Archived warehouses to which units came back."""
    return {row.id for row in await (await tx.execute(_HOLDING, (tx.organization,))).fetchall()}


class Shared(NamedTuple):
    """The warehouses in the order in which stock is taken, none of them changed and none made until the commit.

    `missing`: each (item, warehouse) that has no level yet. `now`: the server's time.
    """

    warehouses: tuple[Warehouse, ...]
    missing: set[tuple[UUID, UUID]]
    sourcing: Sourcing
    now: datetime


async def share_warehouses(tx: Transaction, items: Collection[UUID]) -> Shared | None:
    """Hold all warehouses as they are, beside others who do; None while the organisation is not known."""
    values = {"organization": tx.organization, "items": list(items)}
    rows: list[Any] = await (await tx.execute(_SHARE, values, binary=True)).fetchall()
    if rows and rows[0].warehouse_count > len(rows):
        # A statement that waited for a lock sees the rows it found as they are now, and none that was made meanwhile.
        rows = await (await tx.execute(_SHARE, values, binary=True)).fetchall()
    if not rows:
        return None
    warehouses = sorted((Warehouse(*row[:8]) for row in rows), key=lambda each: (each.priority, each.code))
    missing = {(item_id, row.id) for row in rows for item_id in row.without}
    sourcing = Sourcing(Rule(rows[0].sourcing), rows[0].take_partly, rows[0].sourcing_version)
    return Shared(tuple(warehouses), missing, sourcing, rows[0].now)


async def default_warehouse(tx: Transaction) -> UUID | None:
    """The warehouse that is meant where none is named; None while the organisation is not known."""
    row = await (await tx.execute(_DEFAULT, (tx.organization,), binary=True)).fetchone()
    return row.id if row else None


async def lock_warehouse(tx: Transaction, warehouse_id: UUID, *, alone: bool = False) -> Warehouse | None:
    """A warehouse, locked; `alone`: while nobody makes a level there."""
    row = await (
        await tx.execute(_LOCK_ALONE if alone else _LOCK, (tx.organization, warehouse_id), binary=True)
    ).fetchone()
    return Warehouse(*row) if row else None


async def lock_stock_of(tx: Transaction, warehouse_id: UUID) -> int:
    """Lock all levels of a warehouse; units that are there."""
    rows = await (await tx.execute(_LOCK_LEVELS_OF, (tx.organization, warehouse_id))).fetchall()
    return sum(row.on_hand for row in rows)


async def update_warehouse(tx: Transaction, changed: Warehouse) -> Warehouse:
    """Bring a locked warehouse to this state, in a new version."""
    own = (changed.name, changed.open, changed.priority, changed.archived, _json(changed))
    values = (*own, tx.organization, changed.id)
    row: Any = await (await tx.execute(_UPDATE, values, binary=True)).fetchone()
    return Warehouse(*row)


async def select_sourcing(tx: Transaction) -> Sourcing | None:
    """How warehouses are chosen; None while the organisation is not known."""
    return _sourcing(await (await tx.execute(_SOURCING, (tx.organization,))).fetchone())


async def lock_sourcing(tx: Transaction) -> Sourcing | None:
    """The same, when reservations in flight are done, and locked."""
    return _sourcing(await (await tx.execute(_LOCK_SOURCING, (tx.organization,))).fetchone())


async def update_sourcing(tx: Transaction, changed: Sourcing) -> None:
    """Write the locked policy."""
    values = (changed.rule.value, changed.take_partly, changed.version, tx.organization)
    await tx.execute(_UPDATE_SOURCING, values)


def _sourcing(row: Any) -> Sourcing | None:
    return Sourcing(Rule(row.sourcing), row.take_partly, row.sourcing_version) if row else None


def _json(warehouse: Warehouse) -> Jsonb | None:
    return Jsonb(dict(warehouse.address)) if warehouse.address is not None else None
