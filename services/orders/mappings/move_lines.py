"""Lines follow what people say of their SKU, as long as nothing of them left."""

from typing import NamedTuple

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.mappings import sql
from orders.mappings.find_items import known_items
from orders.mappings.looking import looked_at
from orders.mappings.map_lines import MOST_ORDERS
from orders.mappings.sku import sku_key
from orders.orders.change import settle
from orders.orders.line import Line
from orders.orders.load_orders import lock_orders
from orders.orders.save_changes import save_changes

# Whoever says something of a SKU waits for the count.
MOST_COUNTED = 10_000


class Said(NamedTuple):
    """A SKU of which `actor` said something new, exactly as stores write it."""

    sku: str
    actor: str
    cause: str


class Moved(NamedTuple):
    """Orders whose lines took another item, and orders that follow, counted up to MOST_COUNTED: the job
    `map_unfinished` moves their lines.
    """

    orders: int
    to_follow: int


async def follow(tx: Transaction, clock: Clock, said: Said, most: int = MOST_ORDERS) -> Moved:
    """Have lines follow what this transaction said of a SKU, under its lock: of so many orders at once.

    The job looks again until every transaction has ended that may have read what was said before: an order that comes
    in right now locks nothing where its SKU has an item.
    """
    moved = await move_lines(tx, clock, said, most)
    await tx.execute(sql.KEEP_MOVING, (tx.organization, said.sku, said.actor))
    if moved < most:
        return Moved(moved, 0)
    misplaced = await _misplaced(tx, said.sku)
    (row,) = await (await tx.execute(sql.COUNT_MISPLACED, misplaced | {"most": MOST_COUNTED})).fetchall()
    return Moved(moved, row.orders)


async def move_lines(tx: Transaction, clock: Clock, said: Said, most: int) -> int:
    """Give lines of this very SKU the item that it means now, in so many orders at most. Returns in how many.

    A line stays whose item was named itself, and one of which units left: those were of its item.
    """
    misplaced = await _misplaced(tx, said.sku)
    found = await (await tx.execute(sql.MISPLACED, misplaced | {"most": most})).fetchall()
    if not found:
        return 0
    orders = await lock_orders(tx, [row.order_id for row in found])
    items = await known_items(tx, {said.sku})
    ids = {line.item_id for order in orders for line in order.lines} | {items.of(said.sku).item_id}
    known = await (await tx.execute(sql.ITEMS, (list(ids - {None}),))).fetchall()
    skus = {row.id: row.sku for row in known}
    now = clock.now()

    def concerned(line: Line) -> bool:
        return line.sku == said.sku and line.follows_sku

    looked = [(order, *looked_at(order, concerned, items, skus)) for order in orders]
    changes = [
        settle(before, after, entries, actor=said.actor, cause=said.cause, now=now)
        for before, after, entries in looked
        # Read again under its lock: units may have left since.
        if after != before
    ]
    await save_changes(tx, clock, changes)
    return len(found)


async def _misplaced(tx: Transaction, sku: str) -> dict[str, object]:
    """Of which lines the item is another than the one that their SKU means, as parameters."""
    items = await known_items(tx, {sku})
    return {"key": sku_key(sku), "sku": sku, "item_id": items.of(sku).item_id}
