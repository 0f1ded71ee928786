"""Unpaid orders follow what is decided of their store: whether they reserve before they are paid, and for how long."""

from typing import Any
from uuid import UUID

from chassis.clock import Clock
from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from orders.orders import sql
from orders.orders.change import Entry, settle
from orders.orders.in_turns import in_turns
from orders.orders.load_orders import lock_orders
from orders.orders.order import Order
from orders.orders.payment import policy_in_words, under_policy
from orders.orders.save_changes import save_changes
from orders.stores.get_store import get_store

CAUSE = "follow_policies"
MOST_ORDERS = 200


async def let_orders_follow(tx: Transaction, store_id: UUID, actor: str) -> None:
    """Leave the unpaid orders of a store, whose policy this transaction changes, to the job `follow_policies`."""
    await tx.execute(sql.LET_FOLLOW, (tx.organization, store_id, actor))


async def follow_policies(database: Database, clock: Clock, lease: Lease, most: int = MOST_ORDERS) -> None:
    """Move unpaid orders to their stores' policies, in transactions of bounded size, organisations in turn.

    A store's orders are gone through twice, the second time when every transaction has ended that may have read the
    policy of before. While an organisation is suspended its payments wait, and so do its orders.
    """

    async def turn(organization: UUID) -> bool:
        async with database.transaction(organization) as tx:
            await lease.hold(tx)
            following = await (await tx.execute(sql.FOLLOWING)).fetchone()
            return following is not None and await _follow_some(tx, clock, following, most)

    async with database.finder() as connection:
        found = await (await connection.execute(sql.WITH_FOLLOWING)).fetchall()
    await in_turns([row.organization_id for row in found], turn, "orders did not follow their store's policy")


async def _follow_some(tx: Transaction, clock: Clock, following: Any, most: int) -> bool:
    """Move so many orders at most. Returns whether something may be left, of this store or another."""
    store = await get_store(tx, following.store_id)
    found = await (await tx.execute(sql.UNPAID_OF_STORE, (store.id, following.after_order_id, most))).fetchall()
    now = clock.now()
    orders = await lock_orders(tx, [row.id for row in found])
    moved = [(order, under_policy(order, store, now)) for order in orders]
    changes = [
        settle(before, after, _entries(before, after), actor=following.actor, cause=CAUSE, now=now)
        for before, after in moved
        if after != before
    ]
    await save_changes(tx, clock, changes)
    if len(found) == most:
        await tx.execute(sql.FOLLOW_ON_AFTER, (found[-1].id, store.id))
    else:
        await tx.execute(sql.STOP_FOLLOWING if following.again else sql.FOLLOW_AGAIN, (store.id,))
    return True


def _entries(before: Order, after: Order) -> list[Entry]:
    old, new = policy_in_words(before), policy_in_words(after)
    # What is due by now says so itself.
    return [] if old == new else [Entry("POLICY_CHANGED", "its store's policy changed", old=old, new=new)]
