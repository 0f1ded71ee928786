"""GetDelivery."""

from uuid import UUID

from chassis.database.transaction import Transaction
from orders.errors import DeliveryNotFound
from orders.webhooks import sql
from orders.webhooks.accept_delivery import CONSUMER
from orders.webhooks.list_deliveries import KeptDelivery, ReadMessage, kept, with_orders


async def get_delivery(tx: Transaction, read: ReadMessage, delivery_id: UUID) -> KeptDelivery:
    """A delivery of the last 30 days, or one that waits. Raises DeliveryNotFound."""
    row = await (await tx.execute(sql.GET_DELIVERY, {"consumer": CONSUMER, "id": delivery_id})).fetchone()
    if row is None:
        raise DeliveryNotFound(delivery_id)
    (delivery,) = await with_orders(tx, [kept(row, read)])
    return delivery
