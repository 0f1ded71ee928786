"""ListOrders."""

from datetime import datetime
from uuid import UUID

from chassis.database.transaction import Transaction
from orders.orders import rows, sql
from orders.orders.order import OrderSummary
from orders.orders.sql import Filters

__all__ = ["Filters", "list_orders"]


async def list_orders(
    tx: Transaction, filters: Filters, after: tuple[datetime, UUID] | None, limit: int
) -> list[OrderSummary]:
    """Orders that pass all filters, latest placed first, from after this one on; one statement."""
    statement, values = sql.list_orders(filters, after, limit)
    return [rows.read_summary(row) for row in await (await tx.execute(statement, values)).fetchall()]
