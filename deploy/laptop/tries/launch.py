"""A launch: far more buyers than units, all at once, through both stores."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from laptop.tries.books import RESERVED, SHORT, Books, decided, make_item, read_books, run_number
from laptop.tries.check import Check, Finding
from laptop.tries.running import Running
from laptop.tries.send import send_at_once
from laptop.tries.stores import BUYERS, Delivery
from rappit_client.inventory import Item
from rappit_client.orders import Order

Meanwhile = Callable[[Running, Item], Awaitable[Finding]]


async def launch(running: Running, *, units: int, buyers: int, meanwhile: Meanwhile | None = None) -> bool:
    """Sell `units` to `buyers`, and do something else meanwhile, of which is checked what it found.

    Whether the check holds.
    """
    number = run_number()
    sku = f"LAUNCH-{number}"
    item = await make_item(running.rappit, sku, units)
    shops = " and ".join(store.shop for store in running.stores)
    print(f"{sku}: {units:,} units. {buyers:,} buyers come at once, to {shops}")
    deliveries = [_buy(running, number, buyer, sku) for buyer in range(buyers)]
    began = time.monotonic()
    taking = asyncio.create_task(_all_taken(running, deliveries, began))
    found = [await meanwhile(running, item)] if meanwhile else []
    statuses = await taking
    orders = await decided(running.rappit, sku, {delivery.order for delivery in deliveries})
    print(f"every order is decided after {time.monotonic() - began:.1f} s")
    _print_results(orders)
    books = await read_books(running.rappit, item.id)
    return check_launch(orders, books, statuses, units=min(units, buyers), buyers=buyers, found=found)


def _buy(running: Running, number: int, buyer: int, sku: str) -> Delivery:
    store = running.stores[buyer % len(running.stores)]
    return store.deliver(store.buy(number * BUYERS + buyer, sku))


async def _all_taken(running: Running, deliveries: Sequence[Delivery], began: float) -> list[int]:
    statuses = await send_at_once(running.http, deliveries)
    answers = " and ".join(f"{count:,} answers of {status or 'none'}" for status, count in Counter(statuses).items())
    print(f"their stores got {answers} within {time.monotonic() - began:.1f} s")
    return statuses


def _print_results(orders: Sequence[Order]) -> None:
    reasons = Counter(order.short_reason for order in orders if order.fulfillment_status == SHORT)
    print(f"  {sum(order.fulfillment_status == RESERVED for order in orders):,} reserved")
    for reason, count in reasons.most_common():
        print(f"  {count:,} short: {reason}")


def check_launch(
    orders: Sequence[Order],
    books: Books,
    statuses: Sequence[int],
    *,
    units: int,
    buyers: int,
    found: Sequence[Finding] = (),
) -> bool:
    """Whether so many units went to as many orders, each once, and everybody else was told why not.

    found: what was checked besides.
    """
    reserved = {order.id for order in orders if order.fulfillment_status == RESERVED}
    short = [order for order in orders if order.fulfillment_status == SHORT]
    check = Check()
    for holds, words in found:
        check.that(holds, words)
    check.that(set(statuses) == {200}, "every delivery was answered 200")
    check.that(
        len(orders) == len({order.name for order in orders}) == buyers, f"one order for each of {buyers:,} deliveries"
    )
    check.that(
        len(reserved) == books.reserved == books.reserved_by_ledger == units,
        f"units reserved: {len(reserved):,} by the orders, {books.reserved:,} by the levels, "
        f"{books.reserved_by_ledger:,} by the ledger; {books.available:,} left",
    )
    twice = len(books.reservations) - len(set(books.reservations))
    check.that(not twice and set(books.reservations) == reserved, f"units reserved twice: {twice:,}")
    check.that(
        len(short) == buyers - units and all(order.short_reason for order in short),
        f"{len(short):,} told why they have none",
    )
    return check.holds
