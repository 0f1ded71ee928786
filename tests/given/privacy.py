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

PEOPLE = ("Layla", "Haddad", "sami", "King Fahd")
_ORDERS = ["orders", "order_lines", "order_terms", "order_timeline", "order_notes", "order_holds", "customers"]
TABLES = [*_ORDERS, "deliveries", "privacy_requests", "erased_orders", "inbox", "outbox"]
# Not among them: idempotency_keys, where answers stay for a day whoever was erased. In these, words stand in bytes,
# which a row as text shows as digits.
_BYTES = {"inbox": "message", "outbox": "payload"}


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


async def said_of(shop: Shop, *words: str) -> list[str]:
    """In which tables one of the words stands."""
    pattern = f"%({'|'.join(words)})%"
    statement = "SELECT FROM {} AS t WHERE lower({}) SIMILAR TO lower(%s)"
    texts = {table: f"t::text || coalesce(encode({_BYTES[table]}, 'escape'), '')" for table in _BYTES}
    return [table for table in TABLES if await shop.rows(statement.format(table, texts.get(table, "t::text")), pattern)]


async def redact(shop: Shop, *orders: Json) -> str:
    """The store has the person erased who placed the first order, and these orders of theirs; what came of it."""
    names = [order["id"] for order in orders]
    return await outcome(shop, await ask(shop, "customers/redact", customer=person(orders[0]), orders_to_redact=names))
