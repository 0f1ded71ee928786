"""Inventory's tables: METADATA has all of them, DIRECTORY names those without a policy: none."""

from inventory.items import tables as items
from inventory.reservations import tables as reservations
from inventory.reservations.waiting import tables as waiting
from inventory.stock import tables as stock
from inventory.tables import METADATA
from inventory.warehouses import tables as warehouses

__all__ = ["DIRECTORY", "METADATA", "TABLES"]

TABLES = (
    warehouses.organizations,
    warehouses.warehouses,
    items.items,
    stock.levels,
    stock.ledger,
    reservations.demands,
    reservations.reservations,
    waiting.waiting,
    waiting.wakes,
    waiting.notices,
)

DIRECTORY: frozenset[str] = frozenset()
