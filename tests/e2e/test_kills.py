"""Parts are killed while stores send: every delivery is accepted, each order is there once, the books are right."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from laptop.system import System
from tests.given.merchants import Merchant, eventually, order_of

pytestmark = pytest.mark.kafka

ORDERS = 60
SECONDS = 10.0


async def send_orders(merchant: Merchant, first: int, statuses: list[int]) -> None:
    """Sixty deliveries over a dozen seconds; each one's status as its store saw it."""
    for number in range(first, first + ORDERS):
        statuses.append(await merchant.deliver(order_of(f"#{number}", ("CUP", 1))))
        await asyncio.sleep((SECONDS + 2) / ORDERS)


async def all_reserved_once(merchant: Merchant, first: int) -> None:
    """Wait until every order of a run is there and reserved, and check that none is there twice."""
    reserved = "FULFILLMENT_STATUS_RESERVED"

    async def orders() -> list[str]:
        found = await merchant.orders(fulfillmentStatuses=reserved, pageSize=200)
        return sorted(order["name"] for order in found)

    expected = sorted(f"#{number}" for number in range(first, first + ORDERS))
    await eventually(orders, lambda names: names == expected, seconds=60)
    await eventually(lambda: merchant.level("CUP"), lambda level: level == (1000, ORDERS, 1000 - ORDERS))
    # Nothing was done twice and undone: an order is one entry of the ledger, and nothing stands twice in its timeline.
    explained = await merchant.get("/v1/levels:explain", itemId=merchant.items["CUP"], pageSize=200)
    causes = [entry["cause"] for entry in explained["entries"] if entry["kind"] == "MOVEMENT_KIND_RESERVED"]
    assert len(causes) == len(set(causes)) == ORDERS
    for order in await merchant.orders(fulfillmentStatuses=reserved, pageSize=200):
        timeline = (await merchant.get(f"/v1/orders/{order['id']}/timeline"))["entries"]
        told = [(entry["event"], entry["message"]) for entry in timeline]
        assert len(told) == len(set(told)), timeline


@pytest.fixture
async def merchant(gateway: str) -> AsyncIterator[Merchant]:
    """A merchant with a thousand cups."""
    async with Merchant.signed_up(gateway) as merchant:
        await merchant.stock("CUP", 1000)
        await merchant.connect()
        yield merchant


async def test_deliveries_are_accepted_while_the_broker_is_down_and_each_order_is_there_once(
    system: System, merchant: Merchant
) -> None:
    """Trap 37."""
    statuses: list[int] = []
    await asyncio.gather(send_orders(merchant, 2001, statuses), system.process("kafka").kill_for(SECONDS))
    assert statuses == [200] * ORDERS
    await all_reserved_once(merchant, 2001)


async def test_services_killed_under_load_lose_nothing_and_do_nothing_twice(system: System, merchant: Merchant) -> None:
    statuses: list[int] = []

    async def sent() -> int:
        return len(statuses)

    async def kill_in_turn() -> None:
        for name, after in (("inventory", 10), ("orders", 25), ("inventory", 40)):
            await eventually(sent, lambda count, after=after: count >= after)  # type: ignore[misc]
            system.process(name).kill()
            await system.process(name).running()

    await asyncio.gather(send_orders(merchant, 3001, statuses), kill_in_turn())
    assert statuses == [200] * ORDERS
    await all_reserved_once(merchant, 3001)
