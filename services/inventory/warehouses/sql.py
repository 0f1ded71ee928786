"""Statements on organisations and warehouses."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.warehouses.warehouse import Warehouse

_COLUMNS = "id, code, name, is_default, open, priority, create_time"

_INSERT_ORGANIZATION = """
INSERT INTO organizations (organization_id, create_time) VALUES (%s, %s) ON CONFLICT DO NOTHING"""

_INSERT = f"""
INSERT INTO warehouses (organization_id, {_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (organization_id, code) DO NOTHING"""

_ALL = f"SELECT {_COLUMNS} FROM warehouses WHERE organization_id = %s ORDER BY priority, code"

# Until the commit none of them is changed, and none is made. With each, the items that have no level there yet.
_SHARE = """
SELECT id, code, name, is_default, open, priority, warehouses.create_time, warehouse_count, ARRAY(
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

_SET_OPEN = "UPDATE warehouses SET open = %s WHERE organization_id = %s AND id = %s"


async def insert_organization(tx: Transaction, time: datetime) -> bool:
    """Record the transaction's organisation; False when it is known."""
    return (await tx.execute(_INSERT_ORGANIZATION, (tx.organization, time))).rowcount > 0


async def count_one_more(tx: Transaction) -> bool:
    """Wait for reservations in flight, which know of no warehouse that is made now; False: no such organisation."""
    return (await tx.execute(_COUNT_ONE_MORE, (tx.organization,))).rowcount > 0


async def insert_warehouse(tx: Transaction, new: Warehouse) -> bool:
    """Add a warehouse; False when its code is taken."""
    values = (new.id, new.code, new.name, new.is_default, new.open, new.priority, new.create_time)
    return (await tx.execute(_INSERT, (tx.organization, *values))).rowcount > 0


async def select_warehouses(tx: Transaction) -> tuple[Warehouse, ...]:
    """All warehouses, in the order in which stock is taken."""
    rows: list[Any] = await (await tx.execute(_ALL, (tx.organization,), binary=True)).fetchall()
    return tuple(Warehouse(*row) for row in rows)


async def share_warehouses(
    tx: Transaction, items: Collection[UUID]
) -> tuple[tuple[Warehouse, ...], set[tuple[UUID, UUID]]]:
    """The same, none changed and none made until the commit, and each (item, warehouse) that has no level yet."""
    values = {"organization": tx.organization, "items": list(items)}
    rows: list[Any] = await (await tx.execute(_SHARE, values, binary=True)).fetchall()
    if rows and rows[0].warehouse_count > len(rows):
        # A statement that waited for a lock sees the rows it found as they are now, and none that was made meanwhile.
        rows = await (await tx.execute(_SHARE, values, binary=True)).fetchall()
    warehouses = [Warehouse(*row[:7]) for row in rows]
    missing = {(item_id, row.id) for row in rows for item_id in row.without}
    return tuple(sorted(warehouses, key=lambda each: (each.priority, each.code))), missing


async def default_warehouse(tx: Transaction) -> UUID | None:
    """The warehouse that is meant where none is named; None while the organisation is not known."""
    row = await (await tx.execute(_DEFAULT, (tx.organization,), binary=True)).fetchone()
    return row.id if row else None


async def lock_warehouse(tx: Transaction, warehouse_id: UUID) -> Warehouse | None:
    """A warehouse, locked."""
    row = await (await tx.execute(_LOCK, (tx.organization, warehouse_id), binary=True)).fetchone()
    return Warehouse(*row) if row else None


async def set_open(tx: Transaction, warehouse_id: UUID, *, is_open: bool) -> None:
    """Open or close a warehouse."""
    await tx.execute(_SET_OPEN, (is_open, tx.organization, warehouse_id))
