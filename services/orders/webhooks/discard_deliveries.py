"""DiscardDeliveries."""

from chassis.database.transaction import Transaction
from chassis.messaging.dead_letters import DeadLetterId, Outcome
from orders.dead_letters.replay_dead_letter import KeepDiscarded
from orders.errors import DeliveryNotFound
from orders.webhooks.accept_delivery import CONSUMER
from orders.webhooks.discard_delivery import discard_delivery
from orders.webhooks.list_deliveries import Filters
from orders.webhooks.replay_deliveries import parked_deliveries


async def discard_deliveries(
    tx: Transaction, keep: KeepDiscarded, filters: Filters, who: str, why: str
) -> list[Outcome]:
    """Discard PARKED deliveries, oldest first, as many as one call takes."""
    outcomes = []
    for delivery_id in await parked_deliveries(tx, filters):
        try:
            outcomes.append(await discard_delivery(tx, keep, delivery_id, who, why))
        except DeliveryNotFound as gone:
            outcomes.append(Outcome(DeadLetterId(CONSUMER, delivery_id), done=False, failure=gone.message))
    return outcomes
