"""Orders out of the database, with their lines."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.errors import OrderNotFound
from orders.orders import rows, sql
from orders.orders.order import Order


async def lock_orders_of_stores(tx: Transaction, keys: Sequence[tuple[UUID, str]]) -> list[Order]:
    """Those of the orders (store, external id) that are known, locked until the transaction ends."""
    if not keys:
        return []
    sources = [rows.source(store_id) for store_id, _ in keys]
    found = await tx.execute(sql.LOCK_BY_SOURCE, (sources, [external_id for _, external_id in keys]))
    return await _with_lines(tx, await found.fetchall())


async def lock_orders(tx: Transaction, ids: Sequence[UUID]) -> list[Order]:
    """Those of the orders that are known, locked until the transaction ends; two statements for any number."""
    return await _with_lines(tx, await (await tx.execute(sql.LOCK, (list(ids),))).fetchall())


async def lock_order(tx: Transaction, order_id: UUID) -> Order:
    """One order, locked until the transaction ends. Raises OrderNotFound."""
    for order in await lock_orders(tx, [order_id]):
        return order
    raise OrderNotFound(order_id)


async def load_order(tx: Transaction, order_id: UUID) -> Order:
    """One order as it is. Raises OrderNotFound."""
    row = await (await tx.execute(sql.GET, (order_id,))).fetchone()
    if row is None:
        raise OrderNotFound(order_id)
    return rows.read_order(row, [rows.read_line_in_json(line) for line in row.lines])


async def _with_lines(tx: Transaction, orders: Sequence[Any]) -> list[Order]:
    if not orders:
        return []
    found = await (await tx.execute(sql.LINES, ([order.id for order in orders],))).fetchall()
    lines = {order_id: list(group) for order_id, group in groupby(found, lambda line: line.order_id)}
    return [rows.read_order(order, [rows.read_line(line) for line in lines.get(order.id, ())]) for order in orders]


async def list_order_ids(tx: Transaction, after: UUID, limit: int) -> list[UUID]:
    """Ids of the organisation's orders after this one."""
    return [row.id for row in await (await tx.execute(sql.OF_ORGANIZATION, (after, limit))).fetchall()]
