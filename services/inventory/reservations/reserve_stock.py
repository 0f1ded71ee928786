"""The one way in which units are promised, given back and taken: for callers, for orders, and for those who wait."""

from collections.abc import Sequence
from functools import partial

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.errors import Refusal
from chassis.messaging import outbox
from inventory.reservations.alarms import report
from inventory.reservations.decision import Answer, decide
from inventory.reservations.demand import Status
from inventory.reservations.events import stock_event
from inventory.reservations.lock_books import lock_books
from inventory.reservations.save_books import save_books
from inventory.reservations.wish import Wish


async def reserve_stock(tx: Transaction, clock: Clock, wishes: Sequence[Wish]) -> list[Answer | Refusal]:
    """Carry out a batch of wishes of one organisation, in their order; the outcome of each stands in its place.

    A wish that is refused writes nothing and does not disturb the others. The number of statements does not depend on
    the number of wishes. Raises OrganizationNotKnown.
    """
    books = await lock_books(tx, clock, wishes)
    outcomes = [decide(books, wish) for wish in wishes]
    await save_books(tx, clock, books)
    answers = [(wish, each) for wish, each in zip(wishes, outcomes, strict=True) if isinstance(each, Answer)]
    await outbox.write(tx, [stock_event(tx, clock, each.status, wish.asker) for wish, each in answers if each.told])
    if books.alarms:
        tx.after_commit.append(partial(report, tx.organization, books.alarms))
    return outcomes


async def carry_out(tx: Transaction, clock: Clock, wish: Wish) -> Status:
    """Carry out one wish. Raises its refusal."""
    (outcome,) = await reserve_stock(tx, clock, [wish])
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome.status
