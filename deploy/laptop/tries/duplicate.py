"""The same delivery many times, at once and late, of both stores."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from laptop.tries.books import (
    RESERVED,
    decided,
    kept_deliveries,
    make_item,
    noted,
    orders_of,
    read_books,
    run_number,
    timeline,
)
from laptop.tries.check import Check
from laptop.tries.running import Running
from laptop.tries.send import send
from laptop.tries.stores import BUYERS, Delivery

AT_ONCE = 50
LATE = 10
UNITS, WANTED = 10, 2
_NOTE = "the last that was sent"


async def duplicate(running: Running) -> bool:
    """Two orders, one of each store, each told many times. Whether both are there once and reserved once."""
    since, number = datetime.now(UTC), run_number()
    sku = f"TWICE-{number}"
    item = await make_item(running.rappit, sku, UNITS)
    bought = [store.buy(number * BUYERS + index, sku, WANTED) for index, store in enumerate(running.stores)]
    deliveries = [store.deliver(order) for store, order in zip(running.stores, bought, strict=True)]
    print(f"{sku}: {UNITS} units, and an order of {WANTED} in each store")
    print(
        f"each store sends the same delivery {AT_ONCE} times at once, and {LATE} times more when the order is decided"
    )
    statuses = await _send(running, deliveries, AT_ONCE)
    names = {delivery.order for delivery in deliveries}
    orders = {order.name: order.id for order in await decided(running.rappit, sku, names)}
    statuses += await _send(running, deliveries, LATE)
    await _come_after(running, bought, [orders[delivery.order] for delivery in deliveries])

    found = await orders_of(running.rappit, sku)
    books = await read_books(running.rappit, item.id)
    steps = [(order.id, step) for order in found for step in await timeline(running.rappit, order.id)]
    kept = await kept_deliveries(running.rappit, since, {delivery.digest for delivery in deliveries})
    check = Check()
    check.that(set(statuses) == {200}, f"{len(statuses)} deliveries, all answered 200: no store has to try again")
    check.that(len(kept) == len(set(kept)) == len(deliveries), f"each was kept once: {len(kept)} in all")
    check.that(len(steps) == len(set(steps)) > 0, f"each had its effects once: {len(steps)} steps in the timelines")
    check.that(
        sorted(order.name for order in found) == sorted(names)
        and all(order.fulfillment_status == RESERVED for order in found),
        f"each order is there once, and reserved: {len(found)} in all",
    )
    check.that(
        books.reserved == books.reserved_by_ledger == WANTED * len(names) and len(books.reservations) == len(names),
        f"units reserved: {books.reserved} by the levels, {books.reserved_by_ledger} by the ledger, "
        f"in {len(books.reservations)} steps",
    )
    return check.holds


async def _send(running: Running, deliveries: Sequence[Delivery], times: int) -> list[int]:
    return await asyncio.gather(*(send(running.http, delivery) for delivery in deliveries for _ in range(times)))


async def _come_after(running: Running, bought: Sequence[dict[str, Any]], order_ids: Sequence[str]) -> None:
    """Return when all that was sent is read: what a store says of one order is read in its order."""
    for store, order, order_id in zip(running.stores, bought, order_ids, strict=True):
        await send(running.http, store.deliver(store.change(order, _NOTE), is_new=False))
        await noted(running.rappit, order_id, _NOTE)
