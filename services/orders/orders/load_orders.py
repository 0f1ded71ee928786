"""Orders out of the database, with their lines."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.errors import ChangedMeanwhile
from orders.errors import OrderNotFound
from orders.orders import rows, sql
from orders.orders.get_order import get_order
from orders.orders.order import Order


async def lock_orders_by_key(tx: Transaction, keys: Sequence[tuple[str, str]]) -> list[Order]:
    """Those of the orders (source, external id) that are known, locked until the transaction ends."""
    if not keys:
        return []
    found = await tx.execute(sql.LOCK_BY_KEY, tuple(map(list, zip(*keys, strict=True))))
    return await _with_lines(tx, await found.fetchall())


async def lock_orders(tx: Transaction, ids: Sequence[UUID]) -> list[Order]:
    """Those of the orders that are known, locked until the transaction ends; two statements for any number."""
    return await _with_lines(tx, await (await tx.execute(sql.LOCK, (list(ids),))).fetchall())


async def lock_order(tx: Transaction, order_id: UUID) -> Order:
    """One order, locked until the transaction ends. Raises OrderNotFound."""
    for order in await lock_orders(tx, [order_id]):
        return order
    raise OrderNotFound(order_id)


async def lock_order_as_seen(tx: Transaction, order_id: UUID, etag: str) -> Order:
    """One order, locked until the transaction ends, if this is still its etag; empty for any.

    Raises OrderNotFound, ChangedMeanwhile.
    """
    order = await lock_order(tx, order_id)
    if etag and etag != str(order.etag):
        raise ChangedMeanwhile(str(order.etag))
    return order


async def load_order(tx: Transaction, order_id: UUID) -> Order:
    """One order as it is. Raises OrderNotFound."""
    return (await get_order(tx, order_id)).order


async def _with_lines(tx: Transaction, orders: Sequence[Any]) -> list[Order]:
    if not orders:
        return []
    found = await (await tx.execute(sql.LINES, ([order.id for order in orders],))).fetchall()
    lines = {order_id: list(group) for order_id, group in groupby(found, lambda line: line.order_id)}
    return [rows.read_order(order, [rows.read_line(line) for line in lines.get(order.id, ())]) for order in orders]


async def list_order_ids(tx: Transaction, after: UUID, limit: int) -> list[UUID]:
    """Ids of the organisation's orders after this one."""
    return [row.id for row in await (await tx.execute(sql.OF_ORGANIZATION, (after, limit))).fetchall()]
