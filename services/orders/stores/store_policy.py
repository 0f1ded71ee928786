"""What stores' people decided about all of their orders."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.stores import sql
from orders.stores.store import ReserveWhen


class StorePolicy(NamedTuple):
    """When a store's orders reserve stock, and how long an unpaid one may hold it; zero is for ever."""

    reserve_when: ReserveWhen = ReserveWhen.ON_ORDER
    unpaid_expiry: timedelta = timedelta()


async def store_policy(tx: Transaction, store_ids: Iterable[UUID]) -> dict[UUID, StorePolicy]:
    """The policies of these stores of the transaction's organisation, by store; one statement."""
    found = await (await tx.execute(sql.POLICIES, (list(set(store_ids)),))).fetchall()
    return {row.id: StorePolicy(ReserveWhen(row.reserve_when), row.unpaid_expiry) for row in found}
