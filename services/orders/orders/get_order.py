"""GetOrder."""

from uuid import UUID

from chassis.database.transaction import Transaction
from orders.orders.load_orders import load_order
from orders.orders.order import Order


async def get_order(tx: Transaction, order_id: UUID) -> Order:
    """An order with its lines. Raises OrderNotFound."""
    return await load_order(tx, order_id)
