"""What stores say of the risk of orders that are here already."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from orders.orders.change import settle
from orders.orders.load_orders import lock_orders
from orders.orders.save_changes import save_changes


class Risk(NamedTuple):
    """Whether the risk of an order is high, and what said so."""

    high: bool
    cause: str


async def apply_risks(tx: Transaction, clock: Clock, risks: Mapping[UUID, Risk]) -> None:
    """Put orders of high risk on hold, and take the hold off where the risk is high no more."""
    if not risks:
        return
    now = clock.now()
    changes = [
        settle(order, after, (), actor=order.source, cause=risks[order.id].cause, now=now)
        for order in await lock_orders(tx, list(risks))
        if (after := replace(order, high_risk=risks[order.id].high)) != order
    ]
    await save_changes(tx, clock, changes)
