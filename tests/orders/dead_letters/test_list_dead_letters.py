"""ListDeadLetters: what any consumer of orders gave up."""

from rappit.orders.v1.dead_letters_pb2 import ListDeadLettersRequest, ListDeadLettersResponse
from tests.given.parked import arrive, ids, park
from tests.given.served_orders import ServedOrders
from tests.given.shop import Shop
from tests.given.shopify_orders import paid, placed


async def listed(served: ServedOrders, shop: Shop, **fields: object) -> ListDeadLettersResponse:
    request = ListDeadLettersRequest(**fields)  # type: ignore[arg-type]
    answer: ListDeadLettersResponse = await served.call(served.dead_letters.ListDeadLetters, request, shop.organization)
    return answer


async def test_they_say_why_and_what_waits_behind_them(served_orders: ServedOrders, shop: Shop) -> None:
    order = placed()
    parked = await park(shop, order)
    await arrive(shop, shop.delivery(paid(order)))

    (letter,) = (await listed(served_orders, shop)).dead_letters

    assert (letter.consumer, letter.event_id, letter.waiting_behind) == ("orders.deliveries", str(parked.id), 1)
    assert letter.type == "rappit.gateway.v1.WebhookReceived"
    assert letter.failure == "orders/updated: sku: is not understood"


async def test_pages_and_consumers(served_orders: ServedOrders, shop: Shop) -> None:
    parked = [await park(shop, placed(f"#{number}")) for number in range(3)]

    first = await listed(served_orders, shop, page_size=2, consumer="orders.deliveries")
    rest = await listed(
        served_orders, shop, page_size=2, consumer="orders.deliveries", page_token=first.next_page_token
    )

    assert [each.event_id for each in (*first.dead_letters, *rest.dead_letters)] == ids(*parked)
    assert rest.next_page_token == ""
    assert not (await listed(served_orders, shop, consumer="orders.facts")).dead_letters
