"""The job that gives back what is reserved for orders that nobody paid in time."""

from dataclasses import replace
from uuid import UUID

from chassis.clock import Clock
from chassis.database.leases import Lease
from chassis.database.pool import Database
from chassis.database.transaction import Transaction
from orders.orders import sql
from orders.orders.change import settle
from orders.orders.in_turns import in_turns
from orders.orders.load_orders import lock_orders
from orders.orders.save_changes import save_changes

ACTOR = "service:orders"
CAUSE = "expire_reservations"
MOST_ORDERS = 200


async def expire_reservations(database: Database, clock: Clock, lease: Lease, most: int = MOST_ORDERS) -> None:
    """Let every order wait for its payment whose unpaid reservation is due, in transactions of bounded size,
    organisations in turn. While an organisation is suspended its payments wait, and so do its reservations.
    """

    async def turn(organization: UUID) -> bool:
        async with database.transaction(organization) as tx:
            await lease.hold(tx)
            return await _expire_some(tx, clock, most) == most

    async with database.finder() as connection:
        found = await (await connection.execute(sql.WITH_DUE, (clock.now(),))).fetchall()
    await in_turns([row.organization_id for row in found], turn, "reservations did not expire")


async def _expire_some(tx: Transaction, clock: Clock, most: int) -> int:
    """Expire reservations of so many orders at most. Returns of how many."""
    now = clock.now()
    due = await (await tx.execute(sql.DUE, (now, most))).fetchall()
    orders = await lock_orders(tx, [row.id for row in due])
    changes = [
        settle(order, replace(order, awaiting_payment=True), (), actor=ACTOR, cause=CAUSE, now=now)
        for order in orders
        # Read again under its lock: it may have been paid since.
        if order.reservation_due and order.reservation_due <= now
    ]
    await save_changes(tx, clock, changes)
    return len(due)
