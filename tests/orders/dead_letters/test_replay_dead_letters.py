"""ReplayDeadLetters."""

from rappit.orders.v1.dead_letters_pb2 import ReplayDeadLettersRequest
from tests.given.parked import ids, park, states
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import placed


async def test_all_of_a_consumer_are_replayed_oldest_first(served_orders: ServedOrders, shop: Shop) -> None:
    """Trap 13."""
    parked = [await park(shop, placed(f"#{number}")) for number in range(2)]

    async def replay(consumer: str) -> list[str]:
        request = ReplayDeadLettersRequest(consumer=consumer)
        answer = await served_orders.call(served_orders.dead_letters.ReplayDeadLetters, request, shop.organization)
        return [each.id.event_id for each in answer.results if each.done]

    assert await replay("orders.facts") == []
    assert await replay("orders.deliveries") == ids(*parked)
    assert await states(shop) == ["DONE", "DONE"]
