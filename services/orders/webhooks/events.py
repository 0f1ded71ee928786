"""What a store answered when it was asked, in the form of a delivery."""

from typing import NamedTuple

from chassis.clock import Clock
from chassis.database.transaction import Transaction
from chassis.messaging.envelope import new_header
from orders.stores.store import Store
from rappit.gateway.v1.events_pb2 import DELIVERY_KIND_ORDER, WebhookReceived


class StoreAnswer(NamedTuple):
    """What a store answered about one of its orders; `topic` says whether there is one."""

    store: Store
    external_id: str
    topic: str
    body: bytes


def delivery(tx: Transaction, clock: Clock, answer: StoreAnswer) -> WebhookReceived:
    """The answer in the lane of its order, as the gateway names lanes; a delivery of its own also if like the last."""
    store, external_id, topic, body = answer
    return WebhookReceived(
        header=new_header(tx, clock, f"{store.id}/order/{external_id}", 0, "refetch_orders"),
        store_id=str(store.id),
        provider=store.provider.lower(),
        topic=topic,
        kind=DELIVERY_KIND_ORDER,
        external_id=external_id,
        body=body,
    )
