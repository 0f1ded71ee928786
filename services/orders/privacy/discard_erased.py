"""Deliveries that stopped their lane and are of erased people: let go, with what they hold."""

from chassis.database.transaction import Transaction
from chassis.telemetry.logs import get_logger
from orders.dead_letters.replay_dead_letter import KeepDiscarded
from orders.errors import DeliveryNotFound
from orders.privacy import sql
from orders.webhooks.accept_delivery import CONSUMER as DELIVERIES
from orders.webhooks.discard_delivery import discard_delivery

log = get_logger()

ERASED = "what was known of the person was erased, as the store asked"


async def discard_erased(tx: Transaction, keep: KeepDiscarded, most: int) -> bool:
    """Discard some of them, whatever is asked now. Returns whether any were: what waited behind may stop too."""
    found = await (await tx.execute(sql.PARKED, {"consumer": DELIVERIES, "most": most})).fetchall()
    discarded = 0
    for row in found:
        try:
            await discard_delivery(tx, keep, row.event_id, f"store:{row.store}", ERASED)
            discarded += 1
        except DeliveryNotFound:
            log.info("delivery was replayed or discarded meanwhile", event_id=str(row.event_id))
    return discarded > 0
