"""DiscardDeadLetters."""

from rappit.orders.v1.dead_letters_pb2 import DiscardDeadLettersRequest
from tests.given.parked import ids, park, states
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop, open_shop
from tests.given.shopify_orders import placed


async def test_all_of_the_organisation_are_discarded_and_nobody_elses(served_orders: ServedOrders, shop: Shop) -> None:
    parked = [await park(shop, placed(f"#{number}")) for number in range(2)]
    neighbour = await open_shop(shop.database)
    await park(neighbour, placed())

    answer = await served_orders.call(
        served_orders.dead_letters.DiscardDeadLetters, DiscardDeadLettersRequest(reason="a drill"), shop.organization
    )

    assert [each.id.event_id for each in answer.results if each.done] == ids(*parked)
    assert await states(shop) == ["DONE", "DONE"]
    assert await states(neighbour) == ["PARKED"]
