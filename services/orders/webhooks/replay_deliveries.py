"""ReplayDeliveries."""

from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.messaging.dead_letters import DeadLetterId, Outcome
from orders.dead_letters.replay_dead_letter import Desk
from orders.errors import DeliveryNotFound
from orders.webhooks import sql
from orders.webhooks.accept_delivery import CONSUMER
from orders.webhooks.list_deliveries import Filters, filter_values
from orders.webhooks.replay_delivery import replay_delivery

MOST_AT_ONCE = 200


async def replay_deliveries(tx: Transaction, desk: Desk, filters: Filters, *, dry_run: bool) -> list[Outcome]:
    """Replay PARKED deliveries, oldest first, as many as one call takes; each by itself, whatever comes of others."""
    outcomes = []
    for delivery_id in await parked_deliveries(tx, filters):
        try:
            outcomes.append(await replay_delivery(tx, desk, delivery_id, dry_run=dry_run))
        except DeliveryNotFound as gone:
            outcomes.append(Outcome(DeadLetterId(CONSUMER, delivery_id), done=False, failure=gone.message))
    return outcomes


async def parked_deliveries(tx: Transaction, filters: Filters) -> list[UUID]:
    """PARKED deliveries that pass the filters, oldest first, as many as one call takes."""
    found = await tx.execute(sql.PARKED_DELIVERIES, filter_values(filters) | {"most": MOST_AT_ONCE})
    return [row.event_id for row in await found.fetchall()]
