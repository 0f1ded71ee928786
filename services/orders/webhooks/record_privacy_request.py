"""A store asks for a person's data, or to erase it: kept in the commit, answered by the job."""

from chassis.database.transaction import Transaction
from orders.providers.reading import PrivacyRequest
from orders.webhooks import sql
from orders.webhooks.delivery import Delivery


async def record_privacy_request(tx: Transaction, delivery: Delivery, request: PrivacyRequest) -> None:
    """Keep the request under the delivery's id."""
    person = (request.customer_external_id, request.email, list(request.order_external_ids))
    facts = (delivery.event_id, delivery.store.id, request.kind, *person, delivery.time)
    await tx.execute(sql.RECORD_PRIVACY_REQUEST, (tx.organization, *facts))
