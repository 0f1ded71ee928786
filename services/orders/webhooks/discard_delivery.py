"""DiscardDelivery."""

from uuid import UUID

from chassis.database.transaction import Transaction
from chassis.messaging.dead_letters import DeadLetterId, Outcome
from orders.dead_letters.discard_dead_letter import discard_dead_letter
from orders.dead_letters.replay_dead_letter import KeepDiscarded
from orders.errors import DeadLetterNotFound, DeliveryNotFound
from orders.webhooks import sql
from orders.webhooks.accept_delivery import CONSUMER
from orders.webhooks.get_delivery import get_delivery
from orders.webhooks.list_deliveries import ReadMessage


async def discard_delivery(tx: Transaction, keep: KeepDiscarded, delivery_id: UUID, who: str, why: str) -> Outcome:
    """Let what waits behind a PARKED delivery go on without it, and keep what it was. Raises DeliveryNotFound."""
    try:
        return await discard_dead_letter(tx, keep, DeadLetterId(CONSUMER, delivery_id), who, why)
    except DeadLetterNotFound as error:
        raise DeliveryNotFound(delivery_id) from error


async def keep_discarded(read: ReadMessage, tx: Transaction, letter: DeadLetterId, outcome: str) -> None:
    """Keep what a delivery was, whoever discards it; dead letters of other consumers are no deliveries."""
    if letter.consumer != CONSUMER:
        return
    was = await get_delivery(tx, read, letter.event_id)
    facts = (was.id, was.store_id, was.topic, was.external_id, was.body_bytes, was.body_sha256, was.receive_time)
    row = [[value] for value in (*facts, outcome)]
    await tx.execute(sql.RECORD, (tx.organization, *row))
