"""Lines that waited for their item take it, and their orders want it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.mappings import sql
from orders.mappings.find_items import known_items
from orders.mappings.items import Items
from orders.mappings.looking import looked_at
from orders.mappings.sku import sku_key
from orders.orders.change import Change, settle
from orders.orders.load_orders import lock_orders
from orders.orders.order import Order
from orders.orders.save_changes import save_changes

# So many orders take a transaction less than a second on a slow machine. The job maps what is left of more.
MOST_ORDERS = 500
INVENTORY = "service:inventory"
FIRST = UUID(int=0)


async def map_lines(
    tx: Transaction,
    clock: Clock,
    causes: Mapping[str, str],
    most: int = MOST_ORDERS,
    *,
    after: UUID = FIRST,
) -> UUID | None:
    """Look anew at the UNMAPPED lines whose SKU has one of the keys, of so many orders at most, from after this one on.

    causes: key -> what led to it. Returns the last order where more may wait, None where all were looked at.
    """
    waiting = await (await tx.execute(sql.WAITING, (list(causes), after, most))).fetchall()
    if not waiting:
        return None
    orders = await lock_orders(tx, [row.order_id for row in waiting])
    items = await known_items(tx, {line.sku for order in orders for line in order.lines if line.unmapped})
    now = clock.now()
    changes = [_change(order, items, causes, now) for order in orders]
    await save_changes(tx, clock, [change for change in changes if change])
    return waiting[-1].order_id if len(waiting) == most else None


def _change(order: Order, items: Items, causes: Mapping[str, str], now: datetime) -> Change | None:
    after, entries = looked_at(order, lambda line: line.unmapped, items)
    if after == order:
        return None
    cause = next(causes[key] for line in order.lines if (key := sku_key(line.sku)) in causes)
    return settle(order, after, entries, actor=INVENTORY, cause=cause, now=now)
