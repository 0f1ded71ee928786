"""ReplayDeadLetter: of any consumer; here an answer of inventory that came before its order was restored."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis.messaging.inbox import received, set_aside
from rappit.inventory.v1.events_pb2 import DemandReserved, StockEvent
from rappit.inventory.v1.reservations_pb2 import DEMAND_OWNER_ORDERS, DemandLine
from rappit.orders.v1.dead_letters_pb2 import ReplayDeadLetterRequest
from rappit.types.v1.dead_letter_pb2 import DeadLetterResult
from tests.given.refusals import refused
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import placed

FACTS = "orders.facts"


async def replay(
    served: ServedOrders, shop: Shop, event_id: object, consumer: str = FACTS, **more: Any
) -> DeadLetterResult:
    request = ReplayDeadLetterRequest(consumer=consumer, event_id=str(event_id), **more)
    result: DeadLetterResult = (
        await served.call(served.dead_letters.ReplayDeadLetter, request, shop.organization)
    ).result
    return result


async def park_answer(shop: Shop) -> Any:
    """Inventory reserved all of the one order, and its event was given up."""
    order = await shop.order()
    lines = [DemandLine(line_id=str(line.id), reserved=line.open) for line in order.lines]
    event = StockEvent(order_version=1, owner=DEMAND_OWNER_ORDERS, demand_reserved=DemandReserved(lines=lines))
    message = shop.message(event, str(order.id), 1)
    async with shop.database.transaction(shop.organization) as tx:
        await set_aside(
            tx, FACTS, received(message.event), state="PARKED", tries=10, failure="UnknownOrder", pause=timedelta()
        )
    return message.id


async def test_a_dry_run_shows_the_change_and_a_replay_makes_it(served_orders: ServedOrders, shop: Shop) -> None:
    await shop.deliver(placed("#1047"))
    event_id = await park_answer(shop)

    shown = await replay(served_orders, shop, event_id, dry_run=True)
    assert (await shop.order()).status == "NEW"
    made = await replay(served_orders, shop, event_id)

    assert shown == made
    assert (made.done, list(made.changes)) == (True, ["#1047: 1 line reserved"])
    assert (await shop.order()).status == "RESERVED"


@pytest.mark.parametrize("consumer", [FACTS, "orders.deliveries", "inventory.orders"])
async def test_what_is_no_dead_letter_is_not_found(served_orders: ServedOrders, shop: Shop, consumer: str) -> None:
    with refused("DEAD_LETTER_NOT_FOUND"):
        await replay(served_orders, shop, uuid4(), consumer)
