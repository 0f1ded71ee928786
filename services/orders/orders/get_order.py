"""GetOrder."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.errors import OrderNotFound
from orders.orders import rows, sql
from orders.orders.hold import Hold, HoldReason, OrderNote
from orders.orders.order import Order


class WholeOrder(NamedTuple):
    """An order with its lines, its holds and its notes, both oldest first."""

    order: Order
    holds: tuple[Hold, ...]
    notes: tuple[OrderNote, ...]


async def get_order(tx: Transaction, order_id: UUID) -> WholeOrder:
    """An order with all that is known of it; one statement. Raises OrderNotFound."""
    row = await (await tx.execute(sql.GET, (order_id,))).fetchone()
    if row is None:
        raise OrderNotFound(order_id)
    return WholeOrder(
        rows.read_order(row, [rows.read_line_in_json(line) for line in row.lines]),
        tuple(
            Hold(
                UUID(hold["id"]),
                HoldReason(hold["reason"]),
                hold["owner"],
                hold["note"],
                hold["actor"],
                datetime.fromisoformat(hold["create_time"]),
            )
            for hold in row.holds
        ),
        tuple(
            OrderNote(UUID(note["id"]), note["text"], note["actor"], datetime.fromisoformat(note["create_time"]))
            for note in row.notes
        ),
    )
