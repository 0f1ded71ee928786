"""The customers of orders: a store's own by its id, guests one per order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.orders import sql
from orders.orders.order import Order


class Draft(NamedTuple):
    """An order as it was, None where it is new, and as it is to be."""

    before: Order | None
    after: Order


class _New(NamedTuple):
    id: UUID
    store_id: UUID | None
    external_id: str | None


async def know_customers(tx: Transaction, clock: Clock, drafts: Sequence[Draft]) -> list[Draft]:
    """Give each order the customer that its snapshot names, making those that are new; at most two statements.

    Two guests are two customers, however alike they are; an order keeps its guest.
    """
    named = {key for draft in drafts if (key := _of_store(draft.after))}
    ids = await _known(tx, named)
    new = [_New(clock.new_id(), *key) for key in sorted(named - ids.keys())]
    guests = {
        draft.after.id: _New(clock.new_id(), draft.after.store_id, None)
        for draft in drafts
        if _is_guest(draft.after) and not _is_guest(draft.before)
    }
    ids |= await _make(tx, clock, [*new, *guests.values()])
    return [Draft(draft.before, _with_customer(draft.after, ids, guests)) for draft in drafts]


def _with_customer(order: Order, ids: dict[tuple[UUID, str], UUID], guests: dict[UUID, _New]) -> Order:
    if key := _of_store(order):
        return replace(order, customer_id=ids[key])
    if order.id in guests:
        return replace(order, customer_id=guests[order.id].id)
    return order if _is_guest(order) else replace(order, customer_id=None)


def _of_store(order: Order) -> tuple[UUID, str] | None:
    customer = order.snapshot.customer
    return (order.store_id, customer.external_id) if order.store_id and customer and customer.external_id else None


def _is_guest(order: Order | None) -> bool:
    return order is not None and order.snapshot.customer is not None and not order.snapshot.customer.external_id


async def _known(tx: Transaction, keys: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], UUID]:
    wanted = sorted(keys)
    if not wanted:
        return {}
    found = await tx.execute(sql.KNOWN_CUSTOMERS, ([key[0] for key in wanted], [key[1] for key in wanted]))
    return {(row.store_id, row.external_id): row.id for row in await found.fetchall()}


async def _make(tx: Transaction, clock: Clock, new: Sequence[_New]) -> dict[tuple[UUID, str], UUID]:
    if not new:
        return {}
    columns = (list(column) for column in zip(*new, strict=True))
    made = await tx.execute(sql.INSERT_CUSTOMERS, (tx.organization, clock.now(), *columns))
    return {(row.store_id, row.external_id): row.id for row in await made.fetchall() if row.external_id}
