"""ReplayDelivery."""

from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.messaging.dead_letters import DeadLetterId, Outcome
from orders.dead_letters.replay_dead_letter import Desk, replay_dead_letter
from orders.errors import DeadLetterNotFound, DeliveryNotFound
from orders.webhooks.accept_delivery import CONSUMER


async def replay_delivery(tx: Transaction, desk: Desk, delivery_id: UUID, *, dry_run: bool) -> Outcome:
    """Apply a PARKED delivery now, or say what would come of it. Raises DeliveryNotFound."""
    try:
        return await replay_dead_letter(tx, desk, DeadLetterId(CONSUMER, delivery_id), dry_run=dry_run)
    except DeadLetterNotFound as error:
        raise DeliveryNotFound(delivery_id) from error
