"""A store asks for a person's data, or to erase it: kept in the commit, answered by the job."""

from chassis.database.transaction import Transaction
from orders.privacy import sql
from orders.providers.reading import PrivacyKind, PrivacyRequest
from orders.webhooks.delivery import Delivery

# Stands for every order of a store.
EVERY_ORDER = ""


async def record_privacy_request(tx: Transaction, delivery: Delivery, request: PrivacyRequest) -> None:
    """Keep the request under the delivery's id. Nobody whom it erases comes back with a later delivery."""
    orders = list(request.order_external_ids)
    person = (request.customer_external_id, request.email, orders)
    facts = (delivery.event_id, delivery.store.id, request.kind, *person, delivery.time)
    await tx.execute(sql.RECORD_REQUEST, (tx.organization, *facts))
    if request.kind is PrivacyKind.SHOP_REDACT:
        orders = [EVERY_ORDER]
    if request.kind is not PrivacyKind.DATA_REQUEST and orders:
        await tx.execute(sql.ERASE_FROM_NOW_ON, (tx.organization, delivery.store.id, delivery.time, orders))
