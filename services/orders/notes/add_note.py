"""AddNote."""

from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.notes import sql
from orders.orders.change import Entry, settle
from orders.orders.load_orders import lock_order
from orders.orders.order import Order
from orders.orders.save_changes import save_changes


class NewNote(NamedTuple):
    """What somebody writes on an order."""

    order_id: UUID
    text: str


async def add_note(tx: Transaction, clock: Clock, new: NewNote, actor: str, cause: str) -> Order:
    """Write a note on an order. The timeline says that there is one, and not what it says. Raises OrderNotFound."""
    order = await lock_order(tx, new.order_id)
    now = clock.now()
    await tx.execute(sql.INSERT, (tx.organization, order.id, clock.new_id(), new.text, actor, now))
    change = settle(order, order, [Entry("NOTE_ADDED", "a note was added")], actor=actor, cause=cause, now=now)
    await save_changes(tx, clock, [change])
    return change.after
