"""A store asks for people, and the job answers."""

import json
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from chassis.database.leases import Lease, take
from chassis.messaging.envelope import Message
from orders.privacy.answer_privacy_requests import AnswerPrivacyRequests
from orders.webhooks.discard_delivery import keep_discarded
from orders.webhooks.messages import facts
from rappit.gateway.v1.events_pb2 import DELIVERY_KIND_STORE, WebhookReceived
from tests.given.shop import CLOCK, Shop
from tests.given.shopify_orders import Json


def request(shop: Shop, topic: str, **body: Any) -> Message[WebhookReceived]:
    """What the store sends to ask it."""
    raw = json.dumps({"shop_id": 954889, "shop_domain": shop.store.shop, **body}).encode()
    return shop.delivery(raw, topic, kind=DELIVERY_KIND_STORE, external_id="")


def person(order: Json) -> Json:
    """Who placed the order, as the store names them."""
    return {"id": order["customer"]["id"], "email": order["email"]}


def _job(shop: Shop) -> AnswerPrivacyRequests:
    """The job, as it is run."""
    return AnswerPrivacyRequests(shop.database, CLOCK, partial(keep_discarded, facts))


async def _lease(shop: Shop) -> Lease:
    async with shop.database.directory() as tx:
        lease = await take(tx, f"privacy {uuid4()}", "test")
    assert lease
    return lease


async def run(shop: Shop) -> None:
    """The job runs, as it does now and then."""
    await _job(shop).run(await _lease(shop))


async def answer(shop: Shop, most: int = 1) -> None:
    """The job takes a turn for each open request of the store's organisation."""
    lease = await _lease(shop)
    job = _job(shop)
    for row in await shop.rows("SELECT id FROM privacy_requests WHERE done_time IS NULL ORDER BY record_time"):
        while not await job.answer(lease, shop.organization, row.id, most=most):
            pass


async def ask(shop: Shop, topic: str, **body: Any) -> UUID:
    """The store asks, and the job answers. Returns the request's id."""
    asked = request(shop, topic, **body)
    await shop.receive(asked)
    await answer(shop)
    return asked.id


async def outcome(shop: Shop, request_id: UUID) -> str:
    """What came of a request; empty while it is not done."""
    statement = "SELECT outcome FROM privacy_requests WHERE id = %s AND (done_time IS NULL) = (outcome = '')"
    (row,) = await shop.rows(statement, request_id)
    return str(row.outcome)
