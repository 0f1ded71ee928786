"""Orders that no store sent: each kind of forgery, at the addresses of both stores."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from laptop.tries.books import decided, kept_deliveries, make_item, orders_of, read_books, run_number
from laptop.tries.check import Check
from laptop.tries.running import Running
from laptop.tries.send import send, send_until_taken
from laptop.tries.stores import BUYERS, Delivery, Store, signature

UNITS, WANTED = 10, 5
REFUSED = 401


async def forged(running: Running) -> bool:
    """Forge, and then send the order that was forged as each store's own. Whether these alone are there.

    What is said of one order is read in its order: when the true one is there, no forgery is still to come.
    """
    since, number = datetime.now(UTC), run_number()
    sku = f"FORGED-{number}"
    item = await make_item(running.rappit, sku, UNITS)
    numbers = [number * BUYERS + index for index in range(len(running.stores))]
    forgeries = [
        (store.shop, *forgery)
        for store, each in zip(running.stores, numbers, strict=True)
        for forgery in _forgeries(store, each, sku, running.strangers_secret)
    ]
    print(f"{sku}: {UNITS} units. Somebody who knows no secret sends orders of {WANTED}:")
    statuses = await asyncio.gather(*(send(running.http, delivery) for _, _, delivery in forgeries))
    for (shop, how, _), status in zip(forgeries, statuses, strict=True):
        print(f"  {status}  {shop}, {how}")
    true = [store.deliver(store.buy(each, sku)) for store, each in zip(running.stores, numbers, strict=True)]
    answers = await asyncio.gather(*(send_until_taken(running.http, delivery) for delivery in true))
    names = {delivery.order for delivery in true}
    await decided(running.rappit, sku, names)

    found = [order.name for order in await orders_of(running.rappit, sku)]
    books = await read_books(running.rappit, item.id)
    kept = await kept_deliveries(running.rappit, since, {delivery.digest for _, _, delivery in forgeries})
    check = Check()
    check.that(set(statuses) == {REFUSED}, f"{len(forgeries)} forgeries, each answered {REFUSED}")
    check.that(not kept, f"stored of them: {len(kept)}")
    check.that(set(answers) == {200}, "the true order of each store, sent after them: answered 200")
    check.that(sorted(found) == sorted(names), f"orders: {len(found)}, the true ones alone")
    check.that(
        books.reserved == len(names) and len(books.reservations) == len(names),
        f"units reserved: {books.reserved}, for the true ones alone",
    )
    return check.holds


def _forgeries(store: Store, number: int, sku: str, strangers_secret: str) -> Iterator[tuple[str, Delivery]]:
    """Each way to forge, and what is sent."""
    true = store.deliver(store.buy(number, sku, WANTED))
    signed = true.headers[store.signed_in]
    yield "signed with a guessed secret", _signed(store, true, signature("it may be this one", true.body))
    yield "signed with another store's secret", _signed(store, true, signature(strangers_secret, true.body))
    yield (
        "not signed",
        replace(true, headers={name: true.headers[name] for name in true.headers if name != store.signed_in}),
    )
    altered = true.body.replace(f'"quantity": {WANTED}'.encode(), b'"quantity": 1')
    yield "altered after it was signed", replace(true, body=altered)
    yield "with half of a signature", _signed(store, true, signed[: len(signed) // 2])


def _signed(store: Store, delivery: Delivery, signature: str) -> Delivery:
    return replace(delivery, headers=delivery.headers | {store.signed_in: signature})
