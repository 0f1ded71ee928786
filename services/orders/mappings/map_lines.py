"""Lines that waited for their item take it, and their orders want it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.mappings import sql
from orders.mappings.find_items import known_items
from orders.orders.change import Change, Entry, settle
from orders.orders.load_orders import lock_orders
from orders.orders.order import Order, some
from orders.orders.save_changes import save_changes

# So many orders take a transaction less than a second on a slow machine. The job maps what is left of more.
MOST_ORDERS = 500
ACTOR = "service:inventory"


async def map_lines(tx: Transaction, clock: Clock, causes: Mapping[str, str], most: int = MOST_ORDERS) -> bool:
    """Map UNMAPPED lines that have one of the SKUs, of so many orders at most. Returns whether none is left.

    causes: SKU -> what led to it. A SKU that no item has changes nothing.
    """
    found = await (await tx.execute(sql.WITH_UNMAPPED_SKUS, (list(causes), most))).fetchall()
    if not found:
        return True
    orders = await lock_orders(tx, [row.order_id for row in found])
    items = await known_items(tx, list(causes))
    now = clock.now()
    changes = [_change(order, items, causes, now) for order in orders]
    await save_changes(tx, clock, [change for change in changes if change])
    return len(found) < most


def _change(order: Order, items: Mapping[str, UUID], causes: Mapping[str, str], now: datetime) -> Change | None:
    mapped = sorted({line.said.sku for line in order.lines if line.unmapped and line.said.sku in items})
    if not mapped:
        return None
    lines = tuple(
        replace(line, item_id=items[line.said.sku]) if line.unmapped and line.said.sku in items else line
        for line in order.lines
    )
    entry = Entry("MAPPED", some(f"an item has the SKU {sku} now" for sku in mapped))
    return settle(order, replace(order, lines=lines), [entry], actor=ACTOR, cause=causes[mapped[0]], now=now)
