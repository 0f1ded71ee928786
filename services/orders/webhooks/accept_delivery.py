"""AcceptDelivery."""

from chassis.database.transaction import Transaction
from chassis.messaging import inbox
from chassis.messaging.envelope import EventMessage

# The consumer whose inbox deliveries are in, whichever way they come.
CONSUMER = "orders.deliveries"


async def accept_delivery(tx: Transaction, delivery: EventMessage) -> None:
    """Take a delivery into its lane; it is handled from there. A repeat changes nothing."""
    await inbox.accept(tx, CONSUMER, delivery)
