"""What inventory holds for orders, as its events tell."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.orders.change import Change, settle
from orders.orders.line import ReservedAt
from orders.orders.load_orders import lock_orders
from orders.orders.order import Answer, Order, StockState
from orders.orders.save_changes import save_changes
from orders.orders.shortage import ShortLine, shortage

ACTOR = "service:inventory"


class UnknownOrder(Exception):
    """Inventory holds a demand of an order that is not here: one of the two was restored from before the order."""


class Reserved(NamedTuple):
    """Units that are reserved for a line, and where."""

    units: int = 0
    places: tuple[ReservedAt, ...] = ()


class StockAnswer(NamedTuple):
    """One StockEvent: where units are reserved, by line, and lines that lack units where it is short.

    expired: whether the demand ended because its time was up.
    """

    order_id: UUID
    revision: int
    order_version: int
    state: StockState
    reserved: Mapping[UUID, Reserved]
    short_lines: Sequence[ShortLine]
    cause: str
    expired: bool = False


async def apply_answer(tx: Transaction, clock: Clock, answers: Sequence[StockAnswer]) -> None:
    """Keep of each order's answers the one with the greatest revision, if it is greater than the one known.

    Only an answer to the current version changes the status. Nothing is published. Raises UnknownOrder.
    """
    newest = {answer.order_id: answer for answer in sorted(answers, key=lambda answer: answer.revision)}
    if not newest:
        return
    orders = await lock_orders(tx, list(newest))
    if missing := newest.keys() - {order.id for order in orders}:
        raise UnknownOrder(", ".join(sorted(map(str, missing))))
    now = clock.now()
    await save_changes(
        tx,
        clock,
        [
            _change(order, newest[order.id], now)
            for order in orders
            if order.answer is None or order.answer.revision < newest[order.id].revision
        ],
    )


def _change(order: Order, answer: StockAnswer, now: datetime) -> Change:
    short = "" if answer.state is StockState.RESERVED else shortage(order, answer.short_lines, expired=answer.expired)
    held = [answer.reserved.get(line.id, Reserved()) for line in order.lines]
    after = replace(
        order,
        answer=Answer(answer.revision, answer.order_version, answer.state, short),
        lines=tuple(
            replace(line, reserved=units, reserved_at=places)
            for line, (units, places) in zip(order.lines, held, strict=True)
        ),
    )
    return settle(order, after, (), actor=ACTOR, cause=answer.cause, now=now)
