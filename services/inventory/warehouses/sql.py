"""Statements on organisations and warehouses."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database.transaction import Transaction
from inventory.warehouses.warehouse import Warehouse

_COLUMNS = "id, code, name, is_default, open, priority, create_time"

_INSERT_ORGANIZATION = """
INSERT INTO organizations (organization_id, create_time) VALUES (%s, %s) ON CONFLICT DO NOTHING"""

_ORGANIZATION = "SELECT FROM organizations WHERE organization_id = %s"

_INSERT = f"""
INSERT INTO warehouses (organization_id, {_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (organization_id, code) DO NOTHING"""

_ALL = f"SELECT {_COLUMNS} FROM warehouses WHERE organization_id = %s ORDER BY priority, code"

_DEFAULT = "SELECT id FROM warehouses WHERE organization_id = %s AND is_default"

_LOCK = f"SELECT {_COLUMNS} FROM warehouses WHERE organization_id = %s AND id = %s FOR NO KEY UPDATE"

_SET_OPEN = "UPDATE warehouses SET open = %s WHERE organization_id = %s AND id = %s"


async def insert_organization(tx: Transaction, time: datetime) -> bool:
    """Record the transaction's organisation; False when it is known."""
    return (await tx.execute(_INSERT_ORGANIZATION, (tx.organization, time))).rowcount > 0


async def is_known(tx: Transaction) -> bool:
    """Whether the transaction's organisation is recorded."""
    return (await tx.execute(_ORGANIZATION, (tx.organization,))).rowcount > 0


async def insert_warehouse(tx: Transaction, new: Warehouse) -> bool:
    """Add a warehouse; False when its code is taken."""
    values = (new.id, new.code, new.name, new.is_default, new.open, new.priority, new.create_time)
    return (await tx.execute(_INSERT, (tx.organization, *values))).rowcount > 0


async def select_warehouses(tx: Transaction) -> tuple[Warehouse, ...]:
    """All warehouses, in the order in which stock is taken."""
    return await _warehouses(tx, _ALL)


async def share_warehouses(tx: Transaction) -> tuple[Warehouse, ...]:
    """The same; until the commit none of them is opened or closed."""
    return await _warehouses(tx, _ALL + " FOR SHARE")


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


async def _warehouses(tx: Transaction, statement: str) -> tuple[Warehouse, ...]:
    rows: list[Any] = await (await tx.execute(statement, (tx.organization,), binary=True)).fetchall()
    return tuple(Warehouse(*row) for row in rows)
